/** A document made from a person's file, without a gateway: the Bundle to send and its print. */
import { parse } from 'yaml';
import { composeDocument } from '../document/compose.ts';
import { createPrinter } from '../document/print/printer.ts';
import { readDocument } from '../document/read-document.ts';
import { readDocumentRules } from '../document/rules.ts';
import { GatewayError } from '../fhir/error.ts';
import type { DocumentRules } from '../document/rules.ts';
import type { Knowledge } from './knowledge.ts';

export type BuiltDocument = { bundle: Buffer; pdf: Buffer };

/** Throws `invalid` with every fault of the content. */
export async function buildDocument(text: string, { folders }: Knowledge): Promise<BuiltDocument> {
  const bundle = composed(text, readDocumentRules(folders.mappings));
  return { bundle, pdf: await createPrinter(folders.fonts)(readDocument(bundle)) };
}

/** Bytes of the document that a content in YAML (or JSON) gives. Throws `invalid` with every fault. */
export function composed(text: string, rules: DocumentRules): Buffer {
  const { bytes, issues } = composeDocument(contentOf(text), rules);
  if (bytes) return bytes;
  throw new GatewayError({
    category: 'invalid',
    side: 'sender',
    message: 'Le contenu du document a des fautes.',
    issues,
  });
}

function contentOf(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: 'Le contenu du document n’est pas du YAML lisible.',
      cause,
    });
  }
}
