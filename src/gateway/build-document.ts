/** A document made from a person's file, without a gateway: the Bundle to send and its print. */
import { composeDocument } from '../document/compose.ts';
import { createPrinter } from '../document/print/printer.ts';
import { readDocument } from '../document/read-document.ts';
import { type DocumentRules, readDocumentRules } from '../document/rules.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import { locate } from '../mapping/locate.ts';
import { readYaml } from '../network/read-yaml.ts';
import { flatten } from '../network/tree.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { Knowledge } from './knowledge.ts';

export type BuiltDocument = { bundle: Buffer; pdf: Buffer };

/** Throws `invalid` with every fault of the content, at its line and column of `file`. */
export async function buildDocument(
  text: string,
  file: string,
  { folders }: Knowledge,
): Promise<BuiltDocument> {
  const bundle = composed(text, file, readDocumentRules(folders.mappings));
  return { bundle, pdf: await createPrinter(folders.fonts)(readDocument(bundle)) };
}

/** Bytes of the document that a content in YAML (or JSON) gives. Throws `invalid` with every fault. */
export function composed(text: string, file: string, rules: DocumentRules): Buffer {
  const { tree, issues: unread } = readYaml(text, file);
  if (!tree) throw faulty('Le contenu du document n’est pas du YAML lisible.', unread);
  const { data, positions } = flatten(tree);
  const { bytes, issues } = composeDocument(data, rules);
  if (bytes) return bytes;
  const document = {
    file,
    data: data as JsonObject,
    positionOf: (pointer: string) => positions.get(pointer),
  };
  throw faulty(
    'Le contenu du document a des fautes.',
    issues
      .map((issue) => ({ ...issue, source: locate(document, pointerOf(issue.expression ?? '')) }))
      .sort(({ source: a }, { source: b }) => a.line - b.line || a.column - b.column),
  );
}

/** `a.b[0].c` as a JSON pointer. */
function pointerOf(path: string): string {
  if (path === '') return '';
  return `/${path.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll('.', '/')}`;
}

function faulty(message: string, issues: Issue[]): GatewayError {
  return new GatewayError({ category: 'invalid', side: 'sender', message, issues });
}
