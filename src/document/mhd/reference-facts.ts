/** Facts of a document that is not FHIR inside (a PDF), by the metadata it came with (PDSm comprehensive). */
import { type BusinessKey, keyOf } from '../../fhir/key.ts';
import type {
  AnyResource,
  CodeableConcept,
  DocumentReference,
  HumanName,
  Identifier,
  Reference,
} from '../../fhir/types.ts';
import { type Circumstances, type DocumentFacts, nameOf, type Person } from '../facts.ts';
import { refuse } from '../gate.ts';

/**
 * `at` is the FHIRPath of the DocumentReference; `keyOfRelated` answers the identifier of one of our documents by the
 * reference that names it.
 */
export function factsOfReference(
  reference: DocumentReference,
  at: string,
  patient: AnyResource | undefined,
  content: unknown,
  keyOfRelated: (target: Reference) => BusinessKey,
): DocumentFacts {
  const contained = (reference.contained ?? []) as unknown as AnyResource[];
  const behind = ({ reference: to }: Reference): AnyResource | undefined =>
    contained.find(({ id }) => id !== undefined && to === `#${id}`);
  const { attachment } = reference.content[0]!;
  const { type, date, context } = reference;
  const source = context?.sourcePatientInfo;
  const subject = patient ?? (source && behind(source)) ?? patientBy(reference.subject?.identifier);
  const authors = (reference.author ?? []).map((author) => person(author, behind(author)));
  const authenticator =
    reference.authenticator && person(reference.authenticator, behind(reference.authenticator));
  const { type: custodianTypes = [] } = ((reference.custodian && behind(reference.custodian)) ?? {}) as {
    type?: CodeableConcept[];
  };
  const wrong = (element: string, message: string): never => {
    throw refuse(message, `${at}.${element}`, 'required');
  };
  const author = authors[0] ?? wrong('author', 'Le document nomme son auteur.');
  const confidentiality = reference.securityLabel?.[0]?.coding?.[0]?.code;
  return {
    identifier: reference.masterIdentifier!,
    key: keyOf(reference.masterIdentifier)!,
    types: type?.coding ?? [],
    status: 'final',
    title: attachment.title ?? type?.text ?? 'Document',
    issued: date ?? wrong('date', 'Le document porte sa date.'),
    written: attachment.creation ?? date!,
    ...(attachment.language ? { language: attachment.language } : {}),
    ...(confidentiality ? { confidentiality } : {}),
    ...{ authors, signer: authenticator ?? author },
    ...(authenticator ? { authenticator } : {}),
    ...{ custodianTypes, circumstances: toldIn(reference) },
    ...(reference.custodian
      ? { custodian: person(reference.custodian, behind(reference.custodian)).reference }
      : {}),
    ...(context?.period ? { period: context.period } : {}),
    decisions: context?.event ?? [],
    relations: (reference.relatesTo ?? []).map(({ code, target }) => ({ code, key: keyOfRelated(target) })),
    orderKeys: (context?.related ?? [])
      .map(({ identifier }) => keyOf(identifier))
      .filter((key) => key !== undefined),
    patient: subject ?? wrong('subject', 'Le document désigne son patient par un identifiant.'),
    content,
  };
}

/** What metadata tell of how a document was made. */
export function toldIn({ content: [content], context }: DocumentReference): Circumstances {
  const { facilityType, practiceSetting } = context ?? {};
  return {
    ...(content?.format ? { format: content.format } : {}),
    ...(facilityType ? { facilityType } : {}),
    ...(practiceSetting ? { practiceSetting } : {}),
  };
}

function person(reference: Reference, behind: AnyResource | undefined): Person {
  const { identifier = [], name } = (behind ?? {}) as { identifier?: Identifier[]; name?: HumanName[] };
  const known = reference.identifier ?? identifier[0];
  const display = reference.display ?? nameOf(behind);
  const type = behind?.resourceType ?? reference.type;
  const human = Array.isArray(name) ? name[0] : undefined;
  return {
    reference: {
      ...(type ? { type } : {}),
      ...(known ? { identifier: known } : {}),
      ...(display ? { display } : {}),
    },
    ...(human ? { name: human } : {}),
  };
}

function patientBy(identifier: Identifier | undefined): AnyResource | undefined {
  return identifier && { resourceType: 'Patient', identifier: [identifier] };
}
