/** Dates in a search (FHIR R4 §3.1.1.4.7): a value stands for the whole span that its precision leaves open. */
import { Refusal } from './answer.ts';

type Span = { from: number; to: number };

const dateTime =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** Compares with `eq ne gt lt ge le` (no prefix: `eq`). */
export function matchesDate(value: unknown, wanted: string): boolean {
  const [, prefix = 'eq', text] = /^(eq|ne|gt|lt|ge|le)?(\d.*)$/.exec(wanted) ?? [];
  const asked = spanOf(text ?? '');
  if (!asked) throw new Refusal(400, 'invalid', 'Unreadable date in search');
  const is = typeof value === 'string' ? spanOf(value) : undefined;
  if (!is) return false;
  const within = is.from >= asked.from && is.to <= asked.to;
  if (prefix === 'eq') return within;
  if (prefix === 'ne') return !within;
  if (prefix === 'gt') return is.to > asked.to;
  if (prefix === 'lt') return is.from < asked.from;
  return prefix === 'ge' ? is.to > asked.from : is.from < asked.to;
}

/** Half-open span of a FHIR date, dateTime or instant; a time without zone is read as UTC. */
function spanOf(text: string): Span | undefined {
  const parts = dateTime.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = parts;
  const date = `${year}-${month ?? '01'}-${day ?? '01'}`;
  const from = Date.parse(
    `${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${(fraction ?? '').slice(0, 4)}${zone}`,
  );
  if (Number.isNaN(from)) return undefined;
  if (fraction) return { from, to: from + 1 };
  if (second) return { from, to: from + 1000 };
  if (hour) return { from, to: from + 60_000 };
  const end = new Date(from);
  if (day) end.setUTCDate(end.getUTCDate() + 1);
  else if (month) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return { from, to: end.getTime() };
}
