/** Values of search parameters (FHIR R4 §3.1.1.4): alternatives, tokens, references and instants of any precision. */
import type { Json } from '../../fhir/types.ts';
import type { ServedCriterion } from '../../store/served-criteria.ts';
import { malformed } from '../body/refusals.ts';
import type { SearchParameter } from '../table.ts';

/** Alternatives of a value, at its commas; `\,`, `\|`, `\$` and `\\` stand for themselves. */
export function splitAlternatives(value: string): string[] {
  return split(value, ',').filter((part) => part !== '');
}

/** `system|code`, `system|` or `code` as the JSON that a matching Identifier or Coding contains. */
export function tokenPattern(token: string, valueName: 'value' | 'code'): Json {
  const parts = split(token, '|');
  const [first = '', second] = parts.map(unescape);
  if (parts.length === 1) return { [valueName]: first };
  if (parts.length > 2 || first === '')
    throw malformed('Jeton de recherche illisible : système|valeur attendu.');
  return second ? { system: first, [valueName]: second } : { system: first };
}

/** `Type/id` of a reference value: relative, absolute below this base, or a bare id where the target is known. */
export function localReferenceOf(
  value: string,
  parameter: SearchParameter,
  fhirBase: string,
): string | undefined {
  const text = unescape(value);
  const relative = text.startsWith(`${fhirBase}/`) ? text.slice(fhirBase.length + 1) : text;
  const named = parameter.target && !relative.includes('/') ? `${parameter.target}/${relative}` : relative;
  return /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(named) ? named : undefined;
}

const instant =
  /^(eq|ne|gt|lt|ge|le)?(\d{4})(-\d{2})?(-\d{2})?(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** `_lastUpdated` as a range of instants; days, months and years are those of UTC. Throws `invalid` (400). */
export function updatedCriterion(value: string): ServedCriterion {
  const match = instant.exec(value);
  const prefix = match?.[1] ?? 'eq';
  const text = match && value.slice(match[1]?.length ?? 0);
  const from = new Date(text ? withZone(text) : Number.NaN);
  if (!match || Number.isNaN(from.getTime()))
    throw malformed('_lastUpdated illisible : préfixe eq, ne, gt, lt, ge ou le, puis une date FHIR.');
  const until = endOf(from, match);
  switch (prefix) {
    case 'ne':
      return { kind: 'updated', from, until, outside: true };
    case 'gt':
      return { kind: 'updated', from: until };
    case 'ge':
      return { kind: 'updated', from };
    case 'lt':
      return { kind: 'updated', until: from };
    case 'le':
      return { kind: 'updated', until };
    default:
      return { kind: 'updated', from, until };
  }
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

/** Splits at an unescaped separator; escapes stay in the parts. */
function split(value: string, separator: string): string[] {
  const parts = [''];
  for (let at = 0; at < value.length; at += 1) {
    if (value[at] === '\\' && at + 1 < value.length)
      parts[parts.length - 1] += value[at]! + value[(at += 1)]!;
    else if (value[at] === separator) parts.push('');
    else parts[parts.length - 1] += value[at]!;
  }
  return parts;
}

/** The text an escaped value stands for. */
export function unescape(value: string): string {
  return value.replace(/\\([,|$\\])/g, '$1');
}
