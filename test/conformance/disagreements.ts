/** Where we and another validator differ, and why: `disagreements.json` holds the classes, each with its reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import { type Finding, type Judge, type Judged, refuses } from './judges.ts';

/** A class: who refuses, before whom, by which fault and message. */
export type Known = {
  refusedBy: 'ours' | 'judge';
  judges: Judge[];
  fault: string;
  message: string;
  reason: string;
};

const known = JSON.parse(readFileSync(join(import.meta.dirname, 'disagreements.json'), 'utf8')) as Known[];

export type Disagreement = { judge: Judge; told: string; reason: string | undefined };

/** Every case that we and a judge do not judge alike; without a reason where no class explains each error. */
export function disagreementsWith(judge: Judge, cases: readonly Judged[]): Disagreement[] {
  return cases.flatMap((one) => {
    const [ours, theirs] = [refuses(one.ours), refuses(one[judge])];
    if (ours === theirs) return [];
    const errors = (ours ? one.ours : one[judge]).filter(({ severity }) => severity === 'error');
    const reasons = errors.map(({ message }) =>
      known.find(
        (each) =>
          each.judges.includes(judge) &&
          (each.refusedBy === 'ours') === ours &&
          new RegExp(each.fault).test(one.fault) &&
          new RegExp(each.message).test(message),
      ),
    );
    const first = errors[0]!;
    const told = `${one.profile}, ${one.fault || 'as it is'}: ${ours ? 'ours' : judge} refuses, ${first.expression}: ${first.message}`;
    const reason = reasons.every((each) => each) ? reasons[0]!.reason : undefined;
    return [{ judge, told, reason }];
  });
}

/** One who judges. */
export type Side = 'ours' | Judge;

/** `exact`: the same element with the same severity; `near`: or one within the other. */
export type Shared = { exact: number; near: number; places: number };

/**
 * How many (expression, severity) of one side the other has as well. Of errors, over the cases that both refuse: the others are
 * disagreements, told one by one.
 */
export function sharedPlaces(
  from: Side,
  to: Side,
  severity: Finding['severity'],
  cases: readonly Judged[],
): Shared {
  const total = { exact: 0, near: 0, places: 0 };
  for (const one of cases) {
    if (severity === 'error' && !(refuses(one[from]) && refuses(one[to]))) continue;
    const theirs = placesOf(one[to], severity);
    for (const place of placesOf(one[from], severity)) {
      total.places += 1;
      if (theirs.has(place)) total.exact += 1;
      if ([...theirs].some((other) => isWithin(place, other) || isWithin(other, place))) total.near += 1;
    }
  }
  return total;
}

/** Expressions of one severity, in one spelling: a choice by its name without the type, as FHIRPath has it. */
function placesOf(findings: readonly Finding[], severity: Finding['severity']): Set<string> {
  const some = findings.filter((one) => one.severity === severity);
  return new Set(some.map(({ expression }) => expression.replace(/\[url='[^']*'\]/g, '').replace(/\w+/g, asInFhirPath)));
} // prettier-ignore

const { choices } = JSON.parse(readFileSync('profiles/schemas.json', 'utf8')) as CompiledDefinitions;
const stems = new Map(
  Object.values(choices).flatMap((of) =>
    Object.entries(of).flatMap(([stem, names]) => names.map((name) => [name, stem] as const)),
  ),
);

/** `valueString` → `value`. */
function asInFhirPath(name: string): string {
  return stems.get(name) ?? name;
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length)));
}
