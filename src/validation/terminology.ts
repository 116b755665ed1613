/** Closed value sets expanded to their codes; a set that cannot be enumerated here (LOINC, filters) answers undefined. */
import type { CodeSystem, ValueSet } from './definitions.ts';

/** Codes by system. */
export type Expansion = Map<string, Set<string>>;

export type Terminology = { expand(valueSetUrl: string): Expansion | undefined };

/** Terminology over the given resources; canonical versions (`|4.0.1`) are ignored. */
export function createTerminology(
  valueSets: readonly ValueSet[],
  codeSystems: readonly CodeSystem[],
): Terminology {
  const setByUrl = new Map(valueSets.map((set) => [set.url, set]));
  const codesByUrl = new Map(codeSystems.map((system) => [system.url, allCodes(system)]));
  const known = new Map<string, Expansion | undefined>();

  function expand(url: string): Expansion | undefined {
    const canonical = url.split('|')[0]!;
    if (known.has(canonical)) return known.get(canonical);
    known.set(canonical, undefined); // a set that includes itself, through others, has no list
    const expansion = compute(canonical);
    known.set(canonical, expansion);
    return expansion;
  }

  function compute(url: string): Expansion | undefined {
    const set = setByUrl.get(url);
    if (!set?.compose || set.compose.exclude) return undefined;
    const expansion: Expansion = new Map();
    for (const include of set.compose.include) {
      const parts = expandInclude(include);
      if (!parts) return undefined;
      for (const [system, codes] of parts) {
        const all = expansion.get(system) ?? new Set();
        codes.forEach((code) => all.add(code));
        expansion.set(system, all);
      }
    }
    return expansion;
  }

  function expandInclude(
    include: NonNullable<ValueSet['compose']>['include'][number],
  ): Expansion | undefined {
    if (include.filter) return undefined;
    if (include.system) {
      if (include.valueSet?.length) return undefined; // what both have, which no set here asks for
      const listed = include.concept?.map((concept) => concept.code);
      const codes = listed ? new Set(listed) : codesByUrl.get(include.system);
      return codes?.size ? new Map([[include.system, codes]]) : undefined;
    }
    const sets = (include.valueSet ?? []).map(expand);
    if (sets.length !== 1) return undefined;
    return sets[0];
  }

  return { expand };
}

/** Every code of a code system, children included. */
export function allCodes(system: CodeSystem): Set<string> {
  const codes = new Set<string>();
  const visit = (concepts: CodeSystem['concept']): void => {
    for (const concept of concepts ?? []) {
      codes.add(concept.code);
      visit(concept.concept);
    }
  };
  visit(system.concept);
  return codes;
}
