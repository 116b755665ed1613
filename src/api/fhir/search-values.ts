/** Values of search parameters (FHIR R4 §3.1.1.4): alternatives, tokens and references; dates are in search-dates.ts. */
import { malformed } from '../body/refusals.ts';
import type { SearchParameter } from '../table.ts';

/** Alternatives of a value, at its commas; `\,`, `\|`, `\$` and `\\` stand for themselves. */
export function splitAlternatives(value: string): string[] {
  return split(value, ',').filter((part) => part !== '');
}

/** `system|code`, `system|` or `code` taken apart. Throws `invalid` (400). */
export function readToken(token: string): { system?: string; value?: string } {
  const parts = split(token, '|');
  const [first = '', second] = parts.map(unescape);
  if (parts.length === 1) return { value: first };
  if (parts.length > 2 || first === '')
    throw malformed('Jeton de recherche illisible : système|valeur attendu.');
  return second ? { system: first, value: second } : { system: first };
}

/** A token as the JSON that a matching Identifier or Coding contains. */
export function tokenPattern(token: string, valueName: 'value' | 'code'): { [name: string]: string } {
  const { system, value } = readToken(token);
  return {
    ...(system === undefined ? {} : { system }),
    ...(value === undefined ? {} : { [valueName]: value }),
  };
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
