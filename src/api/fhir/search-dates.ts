/** Dates of search parameters (FHIR R4 §3.1.1.4.5): a value is the whole period that its precision names. */
import type { ServedCriterion } from '../../store/served-criteria.ts';
import type { Period } from '../../fhir/types.ts';
import { malformed } from '../body/refusals.ts';

/** The period [from, until) of a value and how another period is to stand to it. */
export type SearchDate = {
  prefix: 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb';
  from: Date;
  until: Date;
};

const instant =
  /^(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4})(-\d{2})?(-\d{2})?(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Reads a value; days, months and years are those of UTC. Throws `invalid` (400), naming the parameter. */
export function readSearchDate(value: string, parameter: string): SearchDate {
  const match = instant.exec(value);
  const from = new Date(match ? withZone(value.slice(match[1]?.length ?? 0)) : Number.NaN);
  if (!match || Number.isNaN(from.getTime()))
    throw malformed(`${parameter} illisible : préfixe eq, ne, gt, lt, ge, le, sa ou eb, puis une date FHIR.`);
  return { prefix: (match[1] ?? 'eq') as SearchDate['prefix'], from, until: endOf(from, match) };
}

/** `_lastUpdated` as a range of instants: an instant has no length, so `sa` is `gt` and `eb` is `lt`. */
export function updatedCriterion(value: string): ServedCriterion & { kind: 'updated' } {
  const { prefix, from, until } = readSearchDate(value, '_lastUpdated');
  switch (prefix) {
    case 'ne':
      return { kind: 'updated', from, until, outside: true };
    case 'gt':
    case 'sa':
      return { kind: 'updated', from: until };
    case 'ge':
      return { kind: 'updated', from };
    case 'lt':
    case 'eb':
      return { kind: 'updated', until: from };
    case 'le':
      return { kind: 'updated', until };
    default:
      return { kind: 'updated', from, until };
  }
}

/** Whether a Period stands so to the value; an absent end of it is open. */
export function periodMatches(period: Period, { prefix, from, until }: SearchDate): boolean {
  const start = period.start ? readBound(period.start).from : -Infinity;
  const end = period.end ? readBound(period.end).until : Infinity;
  const [low, high] = [from.getTime(), until.getTime()];
  const within = low <= start && end <= high;
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return end > high;
    case 'lt':
      return start < low;
    case 'ge':
      return end > low;
    case 'le':
      return start < high;
    case 'sa':
      return start >= high;
    case 'eb':
      return end <= low;
  }
}

function readBound(text: string): { from: number; until: number } {
  const match = instant.exec(text);
  const from = new Date(match ? withZone(text) : Number.NaN);
  return match
    ? { from: from.getTime(), until: endOf(from, match).getTime() }
    : { from: Number.NaN, until: Number.NaN };
}

function withZone(text: string): string {
  return /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
}

/** First instant after the period that a value of this precision names. */
function endOf(from: Date, [, , , month, day, time, seconds, fraction]: RegExpExecArray): Date {
  const end = new Date(from);
  if (fraction) end.setTime(end.getTime() + 1);
  else if (seconds) end.setTime(end.getTime() + 1000);
  else if (time) end.setTime(end.getTime() + 60_000);
  else if (day) end.setUTCDate(end.getUTCDate() + 1);
  else if (month) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return end;
}
