/** What a picture is made from, and what it says before anything has a place on paper. */
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';

/** A resource in reference-normal form, as the mapping makes it. */
export type PictureResource = { type: string; key: BusinessKey; body: AnyResource };

export type PictureRequest = {
  /** The network's id: its Organization has the key `{networkSystem}|{id}`. */
  id: string;
  resources: readonly PictureResource[];
  /** The day shown, `YYYY-MM-DD`. */
  at: string;
  /** Where the facts come from, for the foot of the picture. */
  source: string;
};

/** One thing in a section: an establishment, a mission, a step. */
export type Item = {
  title: string;
  lines: string[];
  /** Heading it stands under inside its section (a level). */
  under?: string;
  children: Item[];
  /** An arrow leads here from the item above. */
  linked?: boolean;
};

/**
 * `affiliated`: structures bound to the network by a line; `team`: a frame with its members; `list`: one after the other;
 * `steps`: in their order, joined by arrows; `stages`: steps that were reached; `text`:
 * names in a row.
 */
export type SectionStyle = 'affiliated' | 'team' | 'list' | 'steps' | 'stages' | 'text';

export type Section = {
  heading: string;
  note: string[];
  style: SectionStyle;
  items: Item[];
  /** What holds for the whole of it, told after its items under headings of their own. */
  terms?: Item[];
};

export type Coverage = 'whole' | 'part';

export type Territory = {
  name?: string;
  /** Number of the region, as `france.json` has it. */
  region?: string;
  /** By number of département. */
  departments: ReadonlyMap<string, { name: string; coverage: Coverage; detail?: string }>;
  communes: string[];
  /** Parts of the territory that are no département. */
  places: string[];
};

export type NetworkPicture = {
  name: string;
  /** What kind of network it says it is. */
  kind: string[];
  /** Agreements, contacts: short lines beside the name. */
  facts: string[];
  territory: Territory;
  sections: Section[];
};
