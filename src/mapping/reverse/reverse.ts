/** From the resources of a network back to its description, by the same mapping that made them. */
import { networkSystem } from '../../fhir/names.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { AnyResource, JsonObject } from '../../fhir/types.ts';
import type { Mapping } from '../compile.ts';
import { Draft } from './draft.ts';
import type { Fields } from './fields.ts';
import { readIncoming } from './incoming.ts';
import { identitiesOf } from './instances.ts';
import { match } from './match.ts';
import type { Matching } from './matching.ts';
import { readBack } from './read-back.ts';
import { recordOf } from './record.ts';
import type { RuleShape } from './shape.ts';
import { shapesOf } from './shapes.ts';
import { verify } from './verify.ts';

/** A mapping made ready to be read backwards; `fields` come from the schema of its kind. */
export type ReverseMapping = { mapping: Mapping; fields: Fields; rules: ReadonlyMap<string, RuleShape> };

export type Reversed = {
  /** The record of the network, without what is not published. */
  record: JsonObject;
  /** Warnings: what the record does not explain; information: what had to be chosen. */
  issues: Issue[];
  /** Places in the list of the resources that the record gives again. */
  explained: ReadonlySet<number>;
};

export function reverseMapping(mapping: Mapping, fields: Fields): ReverseMapping {
  return { mapping, fields, rules: shapesOf(mapping, fields) };
}

/** Ids of the networks among some resources: those of Organizations (or the like) whose key is an id and nothing more. */
export function networkIds({ rules }: ReverseMapping, resources: readonly AnyResource[]): string[] {
  const roots = [...rules.values()].filter(isRoot);
  const { incoming } = readIncoming(resources, roots);
  const ids = incoming.map(({ key }) => key.slice(networkSystem.length + 1));
  return [...new Set(ids.filter((id) => !id.includes('/')))];
}

/** The rule whose key is the id of the network alone. */
function isRoot({ loop, keySystem, key }: RuleShape): boolean {
  const [path, ...others] = key.paths;
  const alone = path?.steps.join() === 'id' && !others.length && key.texts.every((text) => text === '');
  return !loop && keySystem === networkSystem && alone;
}

/**
 * The description of one network. Resources come as a server or a file has them: ids, narrative, foreign extensions and
 * references by local id do not matter. Pure; never throws for what resources hold.
 */
export function reverseNetwork(
  { mapping, fields, rules }: ReverseMapping,
  id: string,
  resources: readonly AnyResource[],
  options: { at: string; file: string },
): Reversed {
  const shapes = [...rules.values()];
  const { incoming } = readIncoming(resources, shapes);
  const m: Matching = {
    draft: new Draft(),
    fields,
    rules,
    identities: identitiesOf(shapes),
    match,
    plausible: new Map(),
    courage: 0,
    later: false,
    lenient: false,
  };
  m.draft.narrow('/kind', [mapping.kind]);
  m.draft.narrow('/id', [id]);
  readBack(m, incoming);
  const { record, issues } = recordOf(m.draft, fields);
  const proof = verify(mapping, shapes, record, incoming, options);
  return { record, issues: [...issues, ...proof.issues], explained: proof.explained };
}
