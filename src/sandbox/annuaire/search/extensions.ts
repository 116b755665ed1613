/** Codes and words in extensions, wherever they stand in a resource, by the end of the extension's address. */
import type { AnyResource } from '../../../fhir/types.ts';
import type { Token } from './values.ts';

/** Values of the extensions whose `url` ends with one of `ends`: codings of a concept, a code, a text. */
export function extensionTokens(resource: AnyResource, ends: readonly string[]): Token[] {
  const found: Token[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { extension } = node as { extension?: unknown };
    if (Array.isArray(extension)) {
      for (const one of extension as Record<string, unknown>[]) {
        const url = one['url'];
        if (typeof url === 'string' && ends.some((end) => url === end || url.endsWith(`/${end}`))) {
          found.push(...valuesOf(one));
        }
      }
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(resource);
  return found;
}

function valuesOf(extension: Record<string, unknown>): Token[] {
  return Object.entries(extension)
    .filter(([name]) => name.startsWith('value'))
    .flatMap(([, value]) => tokensOfValue(value));
}

function tokensOfValue(value: unknown): Token[] {
  if (typeof value === 'string') return [{ system: undefined, code: value }];
  if (typeof value !== 'object' || value === null) return [];
  const {
    coding,
    system,
    code,
    value: text,
  } = value as {
    coding?: unknown[];
    system?: string;
    code?: string;
    value?: string;
  };
  if (Array.isArray(coding)) return coding.flatMap(tokensOfValue);
  const word = code ?? text;
  return word === undefined ? [] : [{ system, code: word }];
}
