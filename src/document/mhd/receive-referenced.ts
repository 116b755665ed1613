/** A document that comes with a DocumentReference, whichever way: FHIR is received for itself, a PDF by its metadata. */
import { type BusinessKey, keyOf } from '../../fhir/key.ts';
import { parseLocalReference } from '../../fhir/references.ts';
import type { AnyResource, DocumentReference, Identifier, Reference } from '../../fhir/types.ts';
import { refuse } from '../gate.ts';
import {
  type DocumentContext,
  type DocumentSender,
  receiveDocument,
  receivePdf,
  type Received,
} from '../receive.ts';
import { factsOfReference, toldIn } from './reference-facts.ts';

/** `at` is the FHIRPath of the DocumentReference in what was sent, `content` all of that. */
export type Referenced = {
  reference: DocumentReference;
  at: string;
  bytes: Buffer;
  contentType: string;
  patient: AnyResource | undefined;
  content: AnyResource;
};

/** Answers and throws as `receiveDocument` does. */
export async function receiveReferenced(
  context: DocumentContext,
  sender: DocumentSender,
  { reference, at, bytes, contentType, patient, content }: Referenced,
): Promise<Received> {
  const key = keyOf(reference.masterIdentifier)!;
  if (contentType === context.rules.contentType)
    return receiveDocument(context, sender, bytes, {
      ...{ key, at: `${at}.masterIdentifier`, circumstances: toldIn(reference) },
    });
  if (contentType !== 'application/pdf')
    throw refuse(
      `Type de contenu non pris en charge. Types reçus : ${context.rules.contentType}, application/pdf.`,
      `${at}.content[0].attachment.contentType`,
      'not-supported',
    );
  const related = new Map<string, BusinessKey>();
  for (const { target } of reference.relatesTo ?? [])
    related.set(JSON.stringify(target), await keyOfTarget(context, sender.tenant, target));
  const facts = factsOfReference(reference, at, patient, content, (target) =>
    related.get(JSON.stringify(target))!,
  );
  return receivePdf(context, sender, facts, bytes);
}

/** One of our documents, named by its identifier or by the id of the DocumentReference that we answered. */
async function keyOfTarget(
  { store }: DocumentContext,
  tenant: string,
  { identifier, reference }: Reference,
): Promise<BusinessKey> {
  const local = parseLocalReference(reference ?? '');
  const own = local && (await store.clinical.get(tenant, local.type, local.id));
  const key = keyOf(identifier) ?? keyOf(own?.['masterIdentifier'] as Identifier | undefined);
  return key ?? 'urn:passerelle:unknown|';
}
