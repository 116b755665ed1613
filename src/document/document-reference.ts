/** What a reader is told of a document: PDSm metadata around the Binary that holds the bytes (MHD-03, MHD-04). */
import { canonicalBase, managedByTag, publicationSource } from '../fhir/names.ts';
import { type BusinessKey, splitKey } from '../fhir/key.ts';
import { referenceTo } from '../fhir/references.ts';
import type { AnyResource, Coding, Reference } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import { containedPeople } from './contained-people.ts';
import type { Circumstances, DocumentFacts } from './facts.ts';
import type { Submitted } from './pathway.ts';
import { type DocumentRules, type DocumentTypeRule, profileUrl } from './rules.ts';

/** Key of a stored document, of its DocumentReference and of the Binary that carries it. */
export function documentKey(documentId: string): BusinessKey {
  return `${canonicalBase}/document|${documentId}`;
}

/**
 * Where a reader stands: its Binary, its patient, the order as it knows it. `submitted`: it takes the document as a submission
 * (IHE MHD), whose unique ids are usual identifiers; a simplified one carries its content itself, at no address.
 */
export type Place = { url: string; patient: Reference; order: BusinessKey; submitted?: Submitted };

export type ReferenceInput = Place & {
  document: DocumentFacts;
  circumstances: Circumstances;
  record: DocumentRecord;
  rule: DocumentTypeRule;
  rules: DocumentRules;
  /** `relatesTo` of earlier documents. */
  related: object;
};

/** A DocumentReference without id. The hash is SHA-1, in base64, of the bytes as received (FHIR R4 Attachment.hash). */
export function documentReference(input: ReferenceInput): AnyResource {
  const { document, record, rule, rules } = input;
  const { format, facilityType, practiceSetting } = input.circumstances;
  return {
    resourceType: 'DocumentReference',
    meta: {
      profile: [profileUrl(rules.referenceProfile)],
      source: publicationSource,
      tag: [{ ...managedByTag }],
    },
    masterIdentifier: document.identifier,
    identifier: [splitKey(documentKey(record.id))],
    status: 'current',
    type: { coding: [rule.type], text: rule.title },
    category: [{ coding: [rule.class] }],
    subject: input.patient,
    date: document.issued,
    ...containedPeople(document),
    ...(document.custodian ? { custodian: document.custodian } : {}),
    ...input.related,
    securityLabel: [
      { coding: [{ system: rules.confidentiality, code: document.confidentiality ?? rule.confidentiality }] },
    ],
    content: [
      {
        attachment: {
          ...measured(record, input.url),
          ...(document.language ? { language: document.language } : {}),
          title: document.title,
          creation: document.written,
        },
        ...(format ? { format } : {}),
      },
    ],
    context: {
      ...(document.period ? { period: document.period } : {}),
      ...(facilityType ? { facilityType } : {}),
      ...(practiceSetting ? { practiceSetting } : {}),
      sourcePatientInfo: input.patient,
      related: orderOf(input.order),
    },
  };
}

type WithContent = AnyResource & {
  content: { attachment: object; format?: Coding }[];
  context: { sourcePatientInfo?: Reference };
};

/** The same of the PDF printed from the document: another file of the same content (`transforms`, ITI TF-3 4.2.2). */
export function printReference(
  reference: AnyResource,
  print: DocumentRecord,
  url: string,
  { formats }: Pick<DocumentRules, 'formats'>,
): AnyResource {
  const { content, ...rest } = reference as WithContent;
  const [of] = reference['identifier'] as [{ system: string; value: string }];
  const identifier = splitKey(documentKey(print.id));
  const target = { type: 'DocumentReference', identifier: of };
  const format = formats[print.contentType];
  return {
    ...rest,
    ...{ masterIdentifier: identifier, identifier: [identifier] },
    relatesTo: [{ code: 'transforms', target }],
    content: [
      {
        attachment: { ...content[0]!.attachment, ...measured(print, url) },
        ...(format ? { format } : {}),
      },
    ],
  };
}

/** The gateway's own metadata as a server is told them: its patient, its Binary, the order by the name it knows. */
export function atServer(own: AnyResource, documentId: string, place: Omit<Place, 'url'>): AnyResource {
  const { id: _id, meta, content, context, ...rest } = own as WithContent;
  const { versionId: _version, lastUpdated: _updated, ...kept } = meta ?? {};
  const url = referenceTo('Binary', documentKey(documentId));
  return {
    ...{ ...rest, meta: kept, subject: place.patient },
    ...(place.submitted
      ? { masterIdentifier: { ...(rest['masterIdentifier'] as object), use: 'usual' } }
      : {}),
    content: content.map(({ attachment, ...built }) => ({
      ...built,
      attachment: place.submitted === 'simplified' ? withoutUrl(attachment) : { ...attachment, url },
    })),
    context: { ...context, ...patientOf(context, place), related: orderOf(place.order) },
  };
}

/** The reader's own Patient; in a simplified publication it would have to be contained (PDSm), so it is only the subject. */
function patientOf(
  { sourcePatientInfo }: WithContent['context'],
  { patient, submitted }: Omit<Place, 'url'>,
): { sourcePatientInfo?: Reference | undefined } {
  if (!sourcePatientInfo) return {};
  return { sourcePatientInfo: submitted === 'simplified' ? undefined : patient };
}

function withoutUrl({ url: _url, ...attachment }: { url?: string }): object {
  return attachment;
}

function measured({ contentType, size, sha1 }: DocumentRecord, url: string): object {
  return { contentType, url, size, hash: Buffer.from(sha1, 'hex').toString('base64') };
}

function orderOf(order: BusinessKey): Reference[] {
  return [{ type: 'ServiceRequest', identifier: splitKey(order) }];
}
