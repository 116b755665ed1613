/** Does a resource match one search parameter (FHIR R4 §3.1.1.4)? Values of one parameter are alternatives. */
import type { AnyResource } from '../fhir/types.ts';
import { Refusal } from './answer.ts';
import { matchesDate } from './match-date.ts';
import type { SearchParameter } from './search-parameters.ts';

type Node = Record<string, unknown>;

/** True when any value of the parameter's elements matches any of the alternatives. */
export function matches(
  resource: AnyResource,
  { kind, paths, targets }: SearchParameter,
  alternatives: readonly string[],
  base: string,
): boolean {
  const values = paths.flatMap((path) => valuesAt(resource, path.split('.')));
  return alternatives.some((wanted) =>
    values.some((value) => {
      if (kind === 'token') return matchesToken(value, wanted);
      if (kind === 'reference') return matchesReference(value, wanted, targets ?? [], base);
      if (kind === 'string') return matchesText(value, wanted);
      if (kind === 'uri') return value === wanted;
      return matchesDate(value, wanted);
    }),
  );
}

/** Splits alternatives at commas that are not escaped (§3.1.1.3) and takes the escapes away. */
export function alternativesOf(value: string): string[] {
  const parts = value.match(/(?:\\.|[^,\\])+/g);
  if (!parts) throw new Refusal(400, 'invalid', 'Empty search value');
  return parts.map((part) => part.replace(/\\(.)/g, '$1'));
}

function valuesAt(node: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(node)) return node.flatMap((item) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return node === undefined ? [] : [node];
  return typeof node === 'object' && node !== null ? valuesAt((node as Node)[name], rest) : [];
}

/** `code`, `system|code`, `|code` or `system|` against a code, boolean, Coding, CodeableConcept, Identifier. */
function matchesToken(value: unknown, wanted: string): boolean {
  if (typeof value !== 'object' || value === null) return String(value) === wanted.replace(/^\|/, '');
  const node = value as Node;
  if (Array.isArray(node['coding'])) return node['coding'].some((coding) => matchesToken(coding, wanted));
  const code = node['code'] ?? node['value'];
  const bar = wanted.indexOf('|');
  if (bar < 0) return code === wanted;
  const system = wanted.slice(0, bar);
  const rest = wanted.slice(bar + 1);
  return (node['system'] ?? '') === system && (rest === '' || code === rest);
}

/** `Type/id`, a bare id, or an address below the base. */
function matchesReference(value: unknown, wanted: string, targets: readonly string[], base: string): boolean {
  const raw = (value as Node | null)?.['reference'];
  if (typeof raw !== 'string') return false;
  const plain = (text: string): string =>
    (text.startsWith(`${base}/`) ? text.slice(base.length + 1) : text).replace(/\/_history\/.*$/, '');
  const is = plain(raw);
  const asked = plain(wanted);
  if (asked.includes('/')) return is === asked;
  const [type, id] = is.split('/');
  return id === asked && (targets.length === 0 || targets.includes(type!));
}

/** Begins with, whatever the case and the accents; a HumanName matches by any of its parts. */
function matchesText(value: unknown, wanted: string): boolean {
  if (Array.isArray(value)) return value.some((item) => matchesText(item, wanted));
  if (typeof value === 'object' && value !== null) {
    const { family, given, text } = value as Node;
    return [family, given, text].some((part) => part !== undefined && matchesText(part, wanted));
  }
  return typeof value === 'string' && folded(value).startsWith(folded(wanted));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
