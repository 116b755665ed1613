/** What a protocol asks for in a step beside its order: documents in the file, a quorum, an earlier decision. Pure. */
import { keyOf, keysOf } from '../fhir/key.ts';
import { parseKeyReference } from '../fhir/references.ts';
import type {
  AnyResource,
  CodeableConcept,
  Coding,
  Extension,
  PlanDefinition,
  Reference,
} from '../fhir/types.ts';
import { profileUrl } from './names.ts';

/** How many people at least, of a discipline or in all. */
export type Seats = { discipline?: CodeableConcept; minimum: number };

export type Demands = {
  /** Documents that the file holds before the step: of each list, one. */
  pieces?: Coding[][];
  /** Quorum of the team that meets. */
  quorum?: Seats[];
  /** Decisions of an earlier document without which the step does not take place. */
  onlyIf?: Coding[];
};

type Action = NonNullable<PlanDefinition['action']>[number];

/** `teams`: the standing teams of the network, in normal form. */
export function demandsOf(
  action: Action,
  activity: AnyResource | undefined,
  teams: readonly AnyResource[],
): Demands {
  const pieces = (action.input ?? [])
    .map(({ codeFilter = [] }) => codeFilter.flatMap(({ path, code = [] }) => (path === 'type' ? code : [])))
    .filter((codes) => codes.length > 0);
  const extensions = (activity?.['extension'] ?? []) as Extension[];
  const quorum = quorumOf(extensionOf(extensions, 'pas-step-team')?.valueReference, teams);
  const decision = extensionOf(action.extension, 'pas-step-decision')?.valueCodeableConcept?.coding;
  return {
    ...(pieces.length ? { pieces } : {}),
    ...(quorum.length ? { quorum } : {}),
    ...(decision?.length ? { onlyIf: decision } : {}),
  };
}

function quorumOf(reference: Reference | undefined, teams: readonly AnyResource[]): Seats[] {
  const key = parseKeyReference(reference?.reference ?? '')?.key ?? keyOf(reference?.identifier);
  const team = key === undefined ? undefined : teams.find((one) => keysOf(one).includes(key));
  return ((team?.['extension'] ?? []) as Extension[])
    .filter(({ url }) => url === profileUrl('pas-team-quorum'))
    .map(({ extension = [] }) => {
      const part = (name: string) => extension.find(({ url }) => url === name);
      const discipline = part('discipline')?.valueCodeableConcept;
      return { minimum: part('minimum')?.valuePositiveInt ?? 1, ...(discipline ? { discipline } : {}) };
    });
}

function extensionOf(extensions: readonly Extension[] | undefined, name: string): Extension | undefined {
  return extensions?.find(({ url }) => url === profileUrl(name));
}
