/** The seats of a meeting, each discipline held against the directory before the quorum counts it. Pure. */
import type { BusinessKey } from '../fhir/key.ts';
import type { CodeableConcept, Encounter } from '../fhir/types.ts';
import { type DisciplineRules, verdictOn } from './discipline.ts';
import { referenceKey } from './locate-step.ts';

/** What the directory has of persons, by their identifiers; who is not in it has nothing there. */
export type Held = ReadonlyMap<BusinessKey, readonly CodeableConcept[]>;

/** FHIRPaths of disciplines: `contradicted` ones with what the directory has instead, in its words. */
export type Judged = {
  /** The meeting with what may be counted: a participant whom the directory contradicts throughout has no seat. */
  counted: Encounter;
  contradicted: { at: string; has: string[] }[];
  /** Told with a discipline that the directory says nothing of. */
  asTold: string[];
};

/** A participant told with several disciplines keeps those that are not contradicted. */
export function judgeSeats(encounter: Encounter, held: Held, rules: DisciplineRules): Judged {
  const judged: Omit<Judged, 'counted'> = { contradicted: [], asTold: [] };
  const participant = (encounter.participant ?? []).flatMap((one, index) => {
    const key = referenceKey(one.individual);
    const known = key === undefined ? undefined : held.get(key);
    const types = one.type ?? [];
    const kept = types.filter((type, n) => {
      const at = `Encounter.participant[${index}].type[${n}]`;
      const verdict = known ? verdictOn(type, known, rules) : 'unsure';
      if (verdict === 'contradicted') judged.contradicted.push({ at, has: wordsOf(known!, rules) });
      if (verdict === 'unsure') judged.asTold.push(at);
      return verdict !== 'contradicted';
    });
    return types.length > 0 && kept.length === 0 ? [] : [{ ...one, type: kept }];
  });
  return { counted: { ...encounter, participant }, ...judged };
}

/** Professions and specialities as the directory words them, else by code; nothing else of what it has. */
function wordsOf(held: readonly CodeableConcept[], { lists }: DisciplineRules): string[] {
  const systems = new Set(lists.flatMap((list) => list.systems));
  const words = held.flatMap(({ coding = [], text }) => {
    const own = coding.find(({ system }) => systems.has(system ?? ''));
    return own ? [text ?? own.display ?? own.code ?? ''] : [];
  });
  return [...new Set(words.filter(Boolean))];
}
