/** What a protocol asks for in a step beside its order: documents in the file, a quorum, an earlier decision. Pure. */
import { keysOf } from '../fhir/key.ts';
import { keyOfReference } from '../fhir/references.ts';
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

/** What a team declared by `pas-team-criterion` under a code: the opinion it gives answers it. */
export type Criterion = { code: string; text: string; nature: string };

export type Demands = {
  /** Documents that the file holds before the step: of each list, one. */
  pieces?: Coding[][];
  /** Quorum of the team that meets. */
  quorum?: Seats[];
  /** Criteria of the team that meets. */
  criteria?: Criterion[];
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
  const team = teamAt(extensionOf(extensions, 'pas-step-team')?.valueReference, teams);
  const [quorum, criteria] = [quorumOf(team), criteriaOf(team)];
  const decision = extensionOf(action.extension, 'pas-step-decision')?.valueCodeableConcept?.coding;
  return {
    ...(pieces.length ? { pieces } : {}),
    ...(quorum.length ? { quorum } : {}),
    ...(criteria.length ? { criteria } : {}),
    ...(decision?.length ? { onlyIf: decision } : {}),
  };
}

function teamAt(reference: Reference | undefined, teams: readonly AnyResource[]): AnyResource | undefined {
  const key = keyOfReference(reference);
  return key === undefined ? undefined : teams.find((one) => keysOf(one).includes(key));
}

function quorumOf(team: AnyResource | undefined): Seats[] {
  return partsOf(team, 'pas-team-quorum').map((part) => {
    const discipline = part('discipline')?.valueCodeableConcept;
    return { minimum: part('minimum')?.valuePositiveInt ?? 1, ...(discipline ? { discipline } : {}) };
  });
}

function criteriaOf(team: AnyResource | undefined): Criterion[] {
  return partsOf(team, 'pas-team-criterion').flatMap((part) => {
    const code = part('code')?.valueCode;
    const nature = part('nature')?.valueCodeableConcept?.coding?.[0]?.code;
    return code && nature ? [{ code, nature, text: part('text')?.valueString ?? code }] : [];
  });
}

/** Of each extension of that name, how to get at its parts. */
function partsOf(team: AnyResource | undefined, name: string): ((part: string) => Extension | undefined)[] {
  return ((team?.['extension'] ?? []) as Extension[])
    .filter(({ url }) => url === profileUrl(name))
    .map(
      ({ extension = [] }) =>
        (part) =>
          extension.find(({ url }) => url === part),
    );
}

function extensionOf(extensions: readonly Extension[] | undefined, name: string): Extension | undefined {
  return extensions?.find(({ url }) => url === profileUrl(name));
}
