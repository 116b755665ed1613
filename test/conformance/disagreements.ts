/** Where we and another validator differ, and why: `disagreements.json` holds the classes, each with its reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Judge, type Judged, refuses } from './judges.ts';

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

/** Share of the error places of one side that the other points at as well: the same, or one within the other. */
export function sharedPlaces(
  judge: Judge,
  cases: readonly Judged[],
): { exact: number; near: number; places: number } {
  const total = { exact: 0, near: 0, places: 0 };
  for (const one of cases) {
    if (!refuses(one.ours) || !refuses(one[judge])) continue;
    const [ours, theirs] = [placesOf(one.ours), placesOf(one[judge])];
    for (const place of ours) {
      total.places += 1;
      if (theirs.has(place)) total.exact += 1;
      if ([...theirs].some((other) => isWithin(place, other) || isWithin(other, place))) total.near += 1;
    }
  }
  return total;
}

/** `expression severity` of what is an error; the spelling of a choice by type is that of FHIRPath. */
function placesOf(findings: Judged['ours']): Set<string> {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return new Set(errors.map(({ expression }) => expression.replace(/\.value(\[x\]|[A-Z]\w*)/g, '.value')));
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length)));
}
