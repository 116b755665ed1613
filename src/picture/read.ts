/** From resources to what a picture says, whatever the kind of network. */
import { networkSystem } from '../fhir/names.ts';
import type { Organization } from '../fhir/types.ts';
import { gathered, textsOf } from './concepts.ts';
import { headFacts } from './head-facts.ts';
import { offerSections } from './offers.ts';
import { structureSections } from './organizations.ts';
import { otherSections, stageSections } from './others.ts';
import { peopleSections } from './people.ts';
import { protocolSections } from './protocols.ts';
import { requestSections } from './requests.ts';
import { indexResources } from './shown.ts';
import { territoryOf } from './territory.ts';
import type { NetworkPicture, PictureRequest, Section } from './types.ts';

/** What the resources say on the day asked; undefined when the network's own Organization is not among them. */
export function readPicture(request: PictureRequest): NetworkPicture | undefined {
  const key = `${networkSystem}|${request.id}`;
  const body = request.resources.find((one) => one.type === 'Organization' && one.key === key)?.body;
  if (!body) return undefined;
  const network = body as unknown as Organization;
  const shown = indexResources(request, key);
  return {
    name: network.name ?? request.id,
    kind: textsOf(network.type),
    facts: headFacts(network, request.at),
    territory: territoryOf(shown, network),
    sections: [
      ...structureSections(shown),
      ...requestSections(shown),
      ...protocolSections(shown),
      ...offerSections(shown),
      ...stageSections(shown, network),
      ...peopleSections(shown),
      ...otherSections(shown),
    ].map(shareLines),
  };
}

/** A line that every item of a section repeats is said once, under its heading; lines that begin alike are one. */
function shareLines(whole: Section): Section {
  const section = { ...whole, items: whole.items.map((item) => ({ ...item, lines: gathered(item.lines) })) };
  const [first, ...others] = section.items;
  if (!first || !others.length || section.style === 'steps') return section;
  const shared = first.lines.filter((line) => others.every(({ lines }) => lines.includes(line)));
  if (!shared.length) return section;
  return {
    ...section,
    note: [...section.note, ...shared],
    items: section.items.map((item) => ({
      ...item,
      lines: item.lines.filter((line) => !shared.includes(line)),
    })),
  };
}
