/**
 * CDA R2 level 1 with the PDF inside, under the French header (CI-SIS, volet Structuration minimale; order and
 * cardinalities as its table has them).
 */
import { insSystems } from '../../fhir/identifiers.ts';
import { keyOf, keysOf, splitKey } from '../../fhir/key.ts';
import type { HumanName, Reference } from '../../fhir/types.ts';
import type { DocumentFacts, Person } from '../facts.ts';
import type { DocumentTypeRule } from '../rules.ts';
import { documentOid, instanceOf, timeStamp } from './ids.ts';
import type { Code, PackageRules } from './rules.ts';
import { element as el, words, type Xml, xmlFile } from './xml.ts';

export type CdaInput = {
  facts: DocumentFacts;
  rule: DocumentTypeRule;
  rules: PackageRules;
  pdf: Buffer;
  /** Names of those it is sent to. */
  recipients: readonly string[];
};

export function cdaDocument({ facts, rule, rules, pdf, recipients }: CdaInput): Buffer {
  const { type, title } = rule;
  const written = { value: timeStamp(facts.written) };
  const replaced = facts.relations.find(({ code }) => code === 'replaces');
  const confidentiality = facts.confidentiality ?? rule.confidentiality;
  return xmlFile(
    el(
      'ClinicalDocument',
      { xmlns: 'urn:hl7-org:v3', 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance' },
      el('realmCode', { code: 'FR' }),
      el('typeId', { root: '2.16.840.1.113883.1.3', extension: 'POCD_HD000040' }),
      ...rules.templates.map((root) => el('templateId', { root })),
      el('id', { root: documentOid(facts.key) }),
      el('code', { code: type.code, codeSystem: rules.codeSystems[type.system!], displayName: title }),
      el('title', {}, words(facts.title)),
      el('effectiveTime', { value: timeStamp(facts.issued) }),
      el('confidentialityCode', {
        ...{ code: confidentiality, codeSystem: rules.codeSystems[rules.confidentialitySystem] },
        displayName: rules.confidentiality[confidentiality],
      }),
      el('languageCode', { code: facts.language ?? 'fr-FR' }),
      el('versionNumber', { value: '1' }),
      patient(facts, rules),
      ...facts.authors.map((author) =>
        el('author', {}, el('time', written), assigned('assignedAuthor', author, facts)),
      ),
      el(
        'custodian',
        {},
        el('assignedCustodian', {}, organization('representedCustodianOrganization', facts)),
      ),
      ...recipients.map((name) => recipient(name)),
      el(
        'legalAuthenticator',
        {},
        el('time', written),
        el('signatureCode', { code: 'S' }),
        assigned('assignedEntity', facts.signer, facts),
      ),
      ...facts.orderKeys.map((key) => el('inFulfillmentOf', {}, el('order', {}, el('id', instanceOf(key))))),
      event(facts, rules),
      replaced &&
        el(
          'relatedDocument',
          { typeCode: 'RPLC' },
          el('parentDocument', {}, el('id', { root: documentOid(replaced.key) })),
        ),
      encounter(facts, rules),
      el(
        'component',
        {},
        el(
          'nonXMLBody',
          {},
          el('text', { mediaType: 'application/pdf', representation: 'B64' }, words(pdf.toString('base64'))),
        ),
      ),
    ),
  );
}

function patient({ patient: person }: DocumentFacts, { genders, genderSystem }: PackageRules): Xml {
  const {
    gender = 'other',
    birthDate,
    name,
  } = person as {
    gender?: string;
    birthDate?: string;
    name?: HumanName[];
  };
  const sex = genders[gender] ?? genders['other']!;
  const official = name?.find(({ use }) => use === 'official');
  return el(
    'recordTarget',
    {},
    el(
      'patientRole',
      {},
      ...keysOf(person).map((key) => el('id', instanceOf(key))),
      el('addr', unknown),
      el('telecom', unknown),
      el(
        'patient',
        {},
        nameOf(official ?? name?.[0], official ? 'BR' : 'SP', hasIns(person) ? 'BR' : undefined),
        el('administrativeGenderCode', {
          ...{ code: sex.code, codeSystem: genderSystem, displayName: sex.display },
        }),
        el('birthTime', birthDate ? { value: timeStamp(birthDate) } : unknown),
      ),
    ),
  );
}

const unknown = { nullFlavor: 'UNK' };

function hasIns(person: DocumentFacts['patient']): boolean {
  return keysOf(person).some((key) => insSystems.has(splitKey(key).system));
}

function nameOf(name: HumanName | undefined, family?: string, given?: string): Xml {
  const [first] = name?.given ?? [];
  return el(
    'name',
    {},
    el('family', { qualifier: family }, words(name?.family ?? name?.text ?? '')),
    first === undefined ? undefined : el('given', { qualifier: given }, words(first)),
  );
}

function assigned(tag: string, { reference, name }: Person, facts: DocumentFacts): Xml {
  return el(
    tag,
    {},
    idOf(reference),
    el('addr', unknown),
    el('telecom', unknown),
    el('assignedPerson', {}, name ? nameOf(name) : nameOf({ family: reference.display ?? '' })),
    organization('representedOrganization', facts),
  );
}

function idOf(reference: Reference | undefined): Xml {
  const key = keyOf(reference?.identifier);
  return el('id', key === undefined ? unknown : instanceOf(key));
}

function organization(tag: string, { custodian }: DocumentFacts, ...more: Xml[]): Xml {
  return el(
    tag,
    {},
    idOf(custodian),
    el('name', {}, words(custodian?.display ?? 'Établissement')),
    el('telecom', unknown),
    el('addr', unknown),
    ...more,
  );
}

function recipient(name: string): Xml {
  const person = el('informationRecipient', {}, nameOf({ family: name }));
  return el('informationRecipient', {}, el('intendedRecipient', {}, el('id', unknown), person));
}

function event(facts: DocumentFacts, { practiceSetting }: PackageRules): Xml {
  const { reference, name } = facts.signer;
  return el(
    'documentationOf',
    {},
    el(
      'serviceEvent',
      {},
      interval(facts),
      el(
        'performer',
        { typeCode: 'PRF' },
        el(
          'assignedEntity',
          {},
          idOf(reference),
          el('addr', unknown),
          el('telecom', unknown),
          el('assignedPerson', {}, name ? nameOf(name) : nameOf({ family: reference.display ?? '' })),
          organization('representedOrganization', facts, coded('standardIndustryClassCode', practiceSetting)),
        ),
      ),
    ),
  );
}

function encounter(facts: DocumentFacts, { facility, encounter: code }: PackageRules): Xml {
  return el(
    'componentOf',
    {},
    el(
      'encompassingEncounter',
      {},
      coded('code', code),
      interval(facts),
      el('location', {}, el('healthCareFacility', {}, coded('code', facility))),
    ),
  );
}

function coded(tag: string, { code, system, display }: Code): Xml {
  return el(tag, { code, codeSystem: system, displayName: display });
}

function interval({ period }: DocumentFacts): Xml {
  if (!period?.start) return el('effectiveTime', {}, el('low', unknown));
  const high = period.end ? el('high', { value: timeStamp(period.end) }) : undefined;
  return el('effectiveTime', {}, el('low', { value: timeStamp(period.start) }), high);
}
