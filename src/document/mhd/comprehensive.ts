/** Are the metadata of a document comprehensive (MHD-04, and what PDSm adds)? What lacks keeps the submission minimal. Pure. */
import type { DocumentReference } from '../../fhir/types.ts';

/** Paths of what comprehensive metadata demand and this DocumentReference does not say. */
export function lacksOf(reference: DocumentReference): string[] {
  const { context, custodian, author = [], authenticator, content, securityLabel = [] } = reference;
  const { attachment, format } = content[0]!;
  const signed = [...author, ...(authenticator ? [authenticator] : [])];
  const said: [path: string, value: unknown][] = [
    ['type', reference.type],
    ['category', reference.category?.length],
    ['subject', reference.subject],
    ['date', reference.date],
    ['author', author.length && signed.every(({ reference: to }) => to?.startsWith('#'))],
    ['custodian', custodian],
    ['securityLabel', securityLabel.length],
    ['content.format', format],
    ['content.attachment.language', attachment.language],
    ['content.attachment.size', attachment.size !== undefined],
    ['content.attachment.hash', attachment.hash],
    ['content.attachment.title', attachment.title],
    ['content.attachment.creation', attachment.creation],
    ['context.period.start', context?.period?.start],
    ['context.facilityType', context?.facilityType],
    ['context.practiceSetting', context?.practiceSetting],
    ['context.sourcePatientInfo', context?.sourcePatientInfo],
  ];
  return said.filter(([, value]) => !value).map(([path]) => path);
}
