/** Whether the directory contradicts the discipline that somebody is told with. Pure. */
import type { CodeableConcept, Coding } from '../fhir/types.ts';

/** Lists of codes, whose old and new addresses are one: `mappings/exchange/disciplines.yaml`. */
export type DisciplineRules = {
  lists: readonly {
    name: string;
    systems: readonly string[];
    /** Only whoever has one of these codes of another list has codes of this one. */
    of?: { list: string; codes: readonly string[] };
  }[];
};

/** `unsure`: the directory has nothing that would tell; what is told counts. */
export type Verdict = 'confirmed' | 'contradicted' | 'unsure';

/**
 * A told concept against what the directory has of the person: confirmed by one of its codes; contradicted when the person
 * has other codes of the same list and nothing of lists that nobody can compare, or has a profession that never has such.
 */
export function verdictOn(
  told: CodeableConcept,
  held: readonly CodeableConcept[],
  { lists }: DisciplineRules,
): Verdict {
  const listOf = ({ system }: Coding) => lists.find(({ systems }) => systems.includes(system ?? ''));
  const codes = held.flatMap(({ coding = [] }) => coding);
  const codesIn = (name: string): (string | undefined)[] =>
    codes.filter((one) => listOf(one)?.name === name).map(({ code }) => code);
  const verdicts = (told.coding ?? []).map((coding): Verdict => {
    const list = listOf(coding);
    if (!list) return 'unsure';
    const own = codesIn(list.name);
    if (own.includes(coding.code)) return 'confirmed';
    if (own.length > 0) return 'contradicted';
    const { of } = list;
    const others = of ? codesIn(of.list) : [];
    return of && others.length > 0 && !others.some((code) => of.codes.includes(code ?? ''))
      ? 'contradicted'
      : 'unsure';
  });
  if (verdicts.includes('confirmed')) return 'confirmed';
  return verdicts.includes('contradicted') ? 'contradicted' : 'unsure';
}
