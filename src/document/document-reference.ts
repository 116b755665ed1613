/** What a server is told of a document: PDSm metadata around the Binary that holds the bytes (MHD-03, MHD-04). */
import { canonicalBase, managedByTag, publicationSource } from '../fhir/names.ts';
import { type BusinessKey, splitKey } from '../fhir/key.ts';
import type { AnyResource, Identifier, Reference } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { ReadDocument } from './read-document.ts';
import { type DocumentRules, type DocumentTypeRule, profileUrl } from './rules.ts';

/** Key of a stored document, of its DocumentReference and of the Binary that carries it. */
export function documentKey(documentId: string): BusinessKey {
  return `${canonicalBase}/document|${documentId}`;
}

export type ReferenceInput = {
  document: ReadDocument;
  record: DocumentRecord;
  rule: DocumentTypeRule;
  rules: DocumentRules;
  /** Address of the Binary and reference of the patient, as the reader understands them. */
  url: string;
  patient: Reference;
  /** The order that the document answers. */
  order: BusinessKey;
  /** The document this one replaces, as the reader knows it. */
  replaces?: Reference;
};

/** A DocumentReference without id. The hash is SHA-1, in base64, of the bytes as received (FHIR R4 Attachment.hash). */
export function documentReference(input: ReferenceInput): AnyResource {
  const { document, record, rule, rules } = input;
  const { bundle, composition } = document;
  const [event] = composition.event ?? [];
  return {
    resourceType: 'DocumentReference',
    meta: {
      profile: [profileUrl(rules.referenceProfile)],
      source: publicationSource,
      tag: [{ ...managedByTag }],
    },
    masterIdentifier: bundle.identifier,
    identifier: [splitKey(documentKey(record.id))],
    status: 'current',
    type: { coding: [rule.type], text: rule.title },
    category: [{ coding: [rule.class] }],
    subject: input.patient,
    date: bundle.timestamp,
    author: composition.author.map((author) => cited(author, document)),
    ...(composition.custodian ? { custodian: cited(composition.custodian, document) } : {}),
    ...(input.replaces ? { relatesTo: [{ code: 'replaces', target: input.replaces }] } : {}),
    securityLabel: [
      {
        coding: [
          { system: rules.confidentiality, code: composition.confidentiality ?? rule.confidentiality },
        ],
      },
    ],
    content: [
      {
        attachment: {
          contentType: record.contentType,
          ...(composition.language ? { language: composition.language } : {}),
          url: input.url,
          size: record.size,
          hash: Buffer.from(record.sha1, 'hex').toString('base64'),
          title: composition.title,
          creation: composition.date,
        },
      },
    ],
    context: {
      ...(event?.period ? { period: event.period } : {}),
      related: [{ type: 'ServiceRequest', identifier: splitKey(input.order) }],
    },
  };
}

/** Someone named inside the document, by identifier: whoever reads the metadata has no access to the entries. */
function cited(reference: Reference, { bundle }: ReadDocument): Reference {
  const target = bundle.entry?.find(({ fullUrl }) => fullUrl === reference.reference)?.resource as
    (AnyResource & { practitioner?: Reference; identifier?: Identifier[] }) | undefined;
  const person = bundle.entry?.find(({ fullUrl }) => fullUrl === target?.practitioner?.reference)?.resource;
  const own = target?.identifier?.[0];
  const identifier =
    reference.identifier ??
    own ??
    target?.practitioner?.identifier ??
    (person as unknown as { identifier?: Identifier[] } | undefined)?.identifier?.[0];
  const type = own || !person ? (target?.resourceType ?? reference.type) : person.resourceType;
  const display = reference.display ?? nameOf(target);
  return {
    ...(type ? { type } : {}),
    ...(identifier ? { identifier } : {}),
    ...(display ? { display } : {}),
  };
}

function nameOf(resource: AnyResource | undefined): string | undefined {
  return typeof resource?.['name'] === 'string' ? resource['name'] : undefined;
}
