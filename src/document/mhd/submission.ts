/** An ITI-65 submission taken apart: one submission set, one document and its bytes (MHD-01 to MHD-05). Pure. */
import type { Issue } from '../../fhir/issue.ts';
import type { AnyResource, Attachment, Bundle, DocumentReference } from '../../fhir/types.ts';
import { attached, type Carried, contentOf, issue, refused, type Wrong } from './content.ts';
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
  const bytes = document && binary ? bytesOf(document, binary, issues) : undefined;
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

/** The document's bytes, in the Binary that its metadata name, when these say of them what they are. */
function bytesOf(document: Entry, binary: Entry, issues: Issue[]): Buffer | undefined {
  const { contentType: told, data } = binary.resource as { contentType?: unknown; data?: unknown };
  const place = `Bundle.entry[${binary.index}].resource`;
  const carried = ({ contentType, url, data: inside }: Attachment, wrong: Wrong): Carried => {
    if (inside !== undefined)
      wrong(`${attached}.data`, 'Le contenu est dans une Binary, pas dans les métadonnées.');
    if (url !== binary.fullUrl)
      wrong(`${attached}.url`, 'L’adresse est le fullUrl de la Binary du même envoi.', 'not-found');
    if (told !== contentType)
      issues.push(issue(`${place}.contentType`, 'La Binary a le type que disent les métadonnées.'));
    return { data, at: `${place}.data` };
  };
  const reference = document.resource as unknown as Partial<DocumentReference>;
  return contentOf(reference, `Bundle.entry[${document.index}].resource`, carried, issues);
}
