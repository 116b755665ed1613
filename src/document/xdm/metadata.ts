/**
 * METADATA.XML of an XDM package: one submission set with one document, as ebXML (IHE ITI TF-3 4.2, TF-2 3.32). The
 * UUIDs are those that IHE gave to its classification schemes; they are the format, not a terminology.
 */
import { keyOf, keysOf } from '../../fhir/key.ts';
import type { DocumentFacts, Person } from '../facts.ts';
import type { DocumentTypeRule } from '../rules.ts';
import { documentOid, instanceOf, oidOf, patientCx, utcStamp } from './ids.ts';
import type { Code, PackageRules } from './rules.ts';
import { element as el, words, type Xml, xmlFile } from './xml.ts';

export type MetadataInput = {
  facts: DocumentFacts;
  rule: DocumentTypeRule;
  rules: PackageRules;
  /** Path of the document beside the metadata, with the size in bytes and SHA-1 (hexadecimal) of its bytes. */
  file: { uri: string; size: number; sha1: string };
  /** Names of those it is sent to. */
  recipients: readonly string[];
};

const entry = {
  stable: 'urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1',
  author: 'urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d',
  class: 'urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a',
  confidentiality: 'urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f',
  format: 'urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d',
  facility: 'urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1',
  practice: 'urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead',
  type: 'urn:uuid:f0306f51-975f-434e-a61c-c59651d33983',
  patient: 'urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427',
  unique: 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab',
};
const set = {
  node: 'urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd',
  author: 'urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d',
  content: 'urn:uuid:aa543740-bdda-424e-8c96-df4873be8500',
  patient: 'urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446',
  source: 'urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832',
  unique: 'urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8',
};

export function metadataFile({ facts, rule, rules, file, recipients }: MetadataInput): Buffer {
  const { key, period } = facts;
  const [patientKey] = keysOf(facts.patient);
  const patient = patientCx(patientKey === undefined ? { root: oidOf(key) } : instanceOf(patientKey));
  const typeCode = code(rule.type.code!, rules.codeSystems[rule.type.system!]!, rule.title);
  const classCode = rule.class.code!;
  const confidentiality = facts.confidentiality ?? rule.confidentiality;
  const coded = (scheme: string, node: Code): Xml => classified('Document01', scheme, node);

  const document = el(
    'rim:ExtrinsicObject',
    { id: 'Document01', objectType: entry.stable, mimeType: 'text/xml', status: approved },
    slot('creationTime', utcStamp(facts.written)),
    slot('hash', file.sha1),
    slot('languageCode', facts.language ?? 'fr-FR'),
    ...(period?.start ? [slot('serviceStartTime', utcStamp(period.start))] : []),
    ...(period?.end ? [slot('serviceStopTime', utcStamp(period.end))] : []),
    slot('size', String(file.size)),
    slot('sourcePatientId', patient),
    slot('URI', file.uri),
    named(facts.title),
    ...facts.authors.map((author) => authored('Document01', entry.author, author, facts)),
    coded(entry.class, code(classCode, rules.codeSystems[rule.class.system!]!, rules.classes[classCode]!)),
    coded(
      entry.confidentiality,
      code(
        confidentiality,
        rules.codeSystems[rules.confidentialitySystem]!,
        rules.confidentiality[confidentiality] ?? confidentiality,
      ),
    ),
    coded(entry.format, rules.format),
    coded(entry.facility, rules.facility),
    coded(entry.practice, rules.practiceSetting),
    coded(entry.type, typeCode),
    identified('Document01', entry.patient, patient, 'XDSDocumentEntry.patientId'),
    identified('Document01', entry.unique, documentOid(key), 'XDSDocumentEntry.uniqueId'),
  );
  const submission = el(
    'rim:RegistryPackage',
    { id: 'SubmissionSet01', objectType: `${registryObject}RegistryPackage`, status: approved },
    slot('submissionTime', utcStamp(facts.issued)),
    ...(recipients.length
      ? [slot('intendedRecipient', ...recipients.map((name) => `|^^${plain(name)}`))]
      : []),
    named(facts.title),
    authored('SubmissionSet01', set.author, facts.signer, facts),
    classified('SubmissionSet01', set.content, typeCode),
    identified('SubmissionSet01', set.patient, patient, 'XDSSubmissionSet.patientId'),
    identified('SubmissionSet01', set.source, sourceOf(facts), 'XDSSubmissionSet.sourceId'),
    identified('SubmissionSet01', set.unique, oidOf(`${key}/submission`), 'XDSSubmissionSet.uniqueId'),
  );
  return xmlFile(
    el(
      'lcm:SubmitObjectsRequest',
      {
        'xmlns:lcm': 'urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0',
        'xmlns:rim': 'urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0',
      },
      el(
        'rim:RegistryObjectList',
        {},
        document,
        submission,
        el('rim:Classification', {
          ...{ id: 'Classification01', objectType: `${registryObject}Classification` },
          ...{ classifiedObject: 'SubmissionSet01', classificationNode: set.node },
        }),
        el(
          'rim:Association',
          {
            ...{ id: 'Association01', objectType: `${registryObject}Association` },
            associationType: 'urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember',
            ...{ sourceObject: 'SubmissionSet01', targetObject: 'Document01' },
          },
          slot('SubmissionSetStatus', 'Original'),
        ),
      ),
    ),
  );
}

const approved = 'urn:oasis:names:tc:ebxml-regrep:StatusType:Approved';
const registryObject = 'urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:';

function code(value: string, system: string, display: string): Code {
  return { code: value, system, display };
}

function slot(name: string, ...values: string[]): Xml {
  return el(
    'rim:Slot',
    { name },
    el('rim:ValueList', {}, ...values.map((value) => el('rim:Value', {}, words(value)))),
  );
}

function named(title: string): Xml {
  return el('rim:Name', {}, el('rim:LocalizedString', { value: title, 'xml:lang': 'fr-FR' }));
}

function classified(
  object: string,
  classificationScheme: string,
  { code: value, system, display }: Code,
): Xml {
  return el(
    'rim:Classification',
    {
      ...{
        id: `${object}-${classificationScheme.slice(9, 17)}`,
        objectType: `${registryObject}Classification`,
      },
      ...{ classifiedObject: object, classificationScheme, nodeRepresentation: value },
    },
    slot('codingScheme', system),
    named(display),
  );
}

function authored(
  object: string,
  classificationScheme: string,
  { reference, name }: Person,
  facts: DocumentFacts,
): Xml {
  const key = keyOf(reference.identifier);
  const { root = '', extension = '' } = key === undefined ? {} : instanceOf(key);
  const family = plain(name?.family ?? reference.display ?? '');
  const given = plain(name?.given?.[0] ?? '');
  const institution = keyOf(facts.custodian?.identifier);
  const place = institution === undefined ? undefined : instanceOf(institution);
  return el(
    'rim:Classification',
    {
      ...{
        id: `${object}-author-${oidOf(key ?? family).slice(-12)}`,
        objectType: `${registryObject}Classification`,
      },
      ...{ classifiedObject: object, classificationScheme, nodeRepresentation: '' },
    },
    slot('authorPerson', `${extension}^${family}^${given}^^^^^^&${root}&ISO^D^^^IDNPS`),
    slot(
      'authorInstitution',
      `${plain(facts.custodian?.display ?? '')}^^^^^&${place?.root ?? ''}&ISO^IDNST^^^${place?.extension ?? ''}`,
    ),
  );
}

function identified(registry: string, identificationScheme: string, value: string, name: string): Xml {
  return el(
    'rim:ExternalIdentifier',
    {
      ...{ id: `${registry}-${name}`, objectType: `${registryObject}ExternalIdentifier` },
      ...{ registryObject: registry, identificationScheme, value },
    },
    named(name),
  );
}

function sourceOf({ custodian, key }: DocumentFacts): string {
  return oidOf(keyOf(custodian?.identifier) ?? key);
}

/** HL7 v2 delimiters inside a value would end it. */
function plain(text: string): string {
  return text.replace(/[\^|~\\&]/g, ' ');
}
