/** An ITI-65 submission taken apart: one submission set, one document and its bytes (MHD-01 to MHD-05). Pure. */
import { createHash } from 'node:crypto';
import { GatewayError } from '../../fhir/error.ts';
import type { Issue } from '../../fhir/issue.ts';
import { keyOf } from '../../fhir/key.ts';
import type { AnyResource, Bundle, DocumentReference } from '../../fhir/types.ts';
import { submissionSetIssues } from './submission-set.ts';

export type Submission = {
  reference: DocumentReference;
  bytes: Buffer;
  contentType: string;
  /** The Patient that came along, if one did. */
  patient: AnyResource | undefined;
  /** What each entry is, in the order of the request. */
  types: string[];
};

type Entry = { index: number; fullUrl: string; resource: AnyResource };

/** Types that a submission may hold; Parameters say that the earlier document is superseded (MHD-06). */
const known = new Set(['List', 'DocumentReference', 'Binary', 'Patient', 'Parameters']);

/** Throws `unprocessable` with every fault. */
export function readSubmission(bundle: Bundle): Submission {
  const entries = (bundle.entry ?? []).map(({ fullUrl = '', resource }, index): Entry => ({
    ...{ index, fullUrl, resource: resource as unknown as AnyResource },
  }));
  const of = (type: string): Entry[] => entries.filter(({ resource }) => resource.resourceType === type);
  const issues = [
    ...entries.flatMap(({ index, resource: { resourceType } }) =>
      known.has(resourceType)
        ? []
        : [issue(`Bundle.entry[${index}].resource`, refusedType(resourceType), 'not-supported')],
    ),
    ...submissionSetIssues(of('List')),
    ...counted(of('DocumentReference'), 'DocumentReference'),
    ...counted(of('Binary'), 'Binary'),
    ...(of('Patient').length > 1 ? [issue('Bundle.entry', 'Un envoi porte au plus un Patient.')] : []),
  ];
  const [document] = of('DocumentReference');
  const [binary] = of('Binary');
  const bytes = document && binary ? contentOf(document, binary, issues) : undefined;
  if (issues.length > 0 || !bytes) throw refused(issues);
  const reference = document!.resource as unknown as DocumentReference;
  return {
    ...{ reference, bytes, contentType: reference.content[0]!.attachment.contentType! },
    patient: of('Patient')[0]?.resource,
    types: entries.map(({ resource }) => resource.resourceType),
  };
}

function refusedType(type: string): string {
  return type === 'Bundle'
    ? 'FHIRDocumentNotSupported : un document FHIR s’envoie dans une Binary, pour que ses octets ne changent pas.'
    : 'Un envoi de document ne contient que List, DocumentReference, Binary, Patient et Parameters.';
}

function counted(entries: readonly Entry[], type: string): Issue[] {
  if (entries.length === 1) return [];
  return [
    issue('Bundle.entry', `Un envoi porte exactement un ${type} ; celui-ci en porte ${entries.length}.`),
  ];
}

/** The document's bytes, when its metadata say of them what they are. */
function contentOf(document: Entry, binary: Entry, issues: Issue[]): Buffer | undefined {
  const path = `Bundle.entry[${document.index}].resource`;
  const { masterIdentifier, status, content } = document.resource as unknown as Partial<DocumentReference>;
  const wrong = (element: string, message: string, code: Issue['code'] = 'invariant'): void =>
    void issues.push(issue(`${path}.${element}`, message, code));
  if (keyOf(masterIdentifier) === undefined)
    wrong('masterIdentifier', 'Le document porte son identifiant unique (system et value).', 'required');
  if (status !== 'current') wrong('status', 'Un document s’envoie avec le statut « current ».');
  if (content?.length !== 1) {
    wrong('content', 'Un document a exactement un contenu.');
    return undefined;
  }
  const { contentType, url, data, size, hash } = content[0]!.attachment;
  const at = 'content[0].attachment';
  if (!contentType) wrong(`${at}.contentType`, 'Le contenu dit son type (contentType).', 'required');
  if (data !== undefined) wrong(`${at}.data`, 'Le contenu est dans une Binary, pas dans les métadonnées.');
  if (url !== binary.fullUrl)
    wrong(`${at}.url`, 'L’adresse est le fullUrl de la Binary du même envoi.', 'not-found');
  const told = binary.resource as { contentType?: unknown; data?: unknown };
  const bytes = decoded(told.data);
  const place = `Bundle.entry[${binary.index}].resource`;
  if (!bytes) issues.push(issue(`${place}.data`, 'Le contenu de la Binary est vide ou n’est pas du base64.'));
  if (told.contentType !== contentType)
    issues.push(issue(`${place}.contentType`, 'La Binary a le type que disent les métadonnées.'));
  if (!bytes) return undefined;
  if (size !== undefined && size !== bytes.length)
    wrong(`${at}.size`, 'La taille annoncée n’est pas celle du contenu.');
  if (hash !== undefined && hash !== createHash('sha1').update(bytes).digest('base64'))
    wrong(`${at}.hash`, 'L’empreinte annoncée (SHA-1, base64) n’est pas celle du contenu : renvoyez-le.');
  if (contentType === 'application/pdf' && !isPdf(bytes))
    issues.push(
      issue(`${place}.data`, 'Le contenu est annoncé comme PDF et n’en est pas un, ou il est tronqué.'),
    );
  return bytes;
}

function decoded(data: unknown): Buffer | undefined {
  if (typeof data !== 'string' || data === '') return undefined;
  const plain = data.replace(/\s+/g, '');
  const bytes = Buffer.from(plain, 'base64');
  return bytes.toString('base64') === plain ? bytes : undefined;
}

/** Begins and ends as a PDF does (ISO 32000-1 §7.5): nothing more is promised. */
function isPdf(bytes: Buffer): boolean {
  return (
    bytes.subarray(0, 5).toString('latin1') === '%PDF-' &&
    bytes.subarray(-1024).toString('latin1').includes('%%EOF')
  );
}

function refused(issues: Issue[]): GatewayError {
  const message = issues[0]?.message ?? 'Cet envoi ne peut être lu.';
  return new GatewayError({ category: 'unprocessable', side: 'sender', message, issues });
}

function issue(expression: string, message: string, code: Issue['code'] = 'invariant'): Issue {
  return { severity: 'error', code, message, expression };
}
