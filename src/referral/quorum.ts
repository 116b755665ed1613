/** Whether a meeting had its quorum: different people, each told with the discipline they sat for. Pure. */
import { shareCoding } from '../fhir/coding.ts';
import type { CodeableConcept, Encounter } from '../fhir/types.ts';
import { referenceKey } from './locate-step.ts';
import type { Seats } from './step-demands.ts';

/** What is missing, in French, a line a discipline; empty when the quorum is there. */
export function quorumFaults(quorum: readonly Seats[], encounter: Encounter): string[] {
  const seated = new Map<string, CodeableConcept[]>();
  for (const { individual, type = [] } of encounter.participant ?? []) {
    const key = referenceKey(individual);
    if (key !== undefined) seated.set(key, [...(seated.get(key) ?? []), ...type]);
  }
  return quorum.flatMap(({ discipline, minimum }) => {
    const present = [...seated.values()].filter(
      (types) => !discipline || types.some((one) => isSame(one, discipline, quorum)),
    ).length;
    if (present >= minimum) return [];
    return [`${discipline?.text ?? 'participants'} : ${minimum} au moins, ${present} présent(s)`];
  });
}

/** Several disciplines may share a code (TRE_R85 353); their text then tells them apart. */
function isSame(told: CodeableConcept, wanted: CodeableConcept, quorum: readonly Seats[]): boolean {
  if (!shareCoding(told.coding ?? [], wanted.coding ?? [])) return false;
  if (told.text !== undefined) return told.text.toLowerCase() === wanted.text?.toLowerCase();
  return (
    quorum.filter(({ discipline }) => shareCoding(discipline?.coding ?? [], wanted.coding ?? [])).length === 1
  );
}
