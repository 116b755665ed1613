/** Resources as Annuaire v2 shows them (as-dp profiles, french-standards §3.1); of closed records only a stub. */
import type { AnyResource, CodeableConcept, Extension, Identifier } from '../../../fhir/types.ts';
import { dateOf, instantOf, instantText } from './calendar.ts';
import type { Address, Code, PersonFacts, RoleFacts, SiteServiceFacts, StructureFacts } from './facts.ts';
import { remoteIdOf, typeNumber } from './remote.ts';
import type { State } from './state.ts';
import { codes } from './tables.ts';
import type { ServedType } from './types.ts';

const { systems, profiles } = codes;

/** Where a resource is built from: its state, the platform whose ids it uses, and what is shown of it. */
export type Shown = {
  state: State;
  type: ServedType;
  index: number;
  platform: number;
  /** Days: its content was changed; it was written (a new platform writes everything again). */
  changed: number;
  written: number;
  version: number;
  active: boolean;
};

export function identifier(type: string | undefined, system: string, value: string): Identifier {
  return {
    use: 'official',
    ...(type && { type: { coding: [{ system: systems.identifierType, code: type }] } }),
    system,
    value,
  };
}

export function personResource(shown: Shown, facts: PersonFacts): AnyResource {
  const { family, given, civility, title, mailbox, profession, category, knowHow, degree } = facts;
  const identifiers = [
    identifier('IDNPS', systems.idNatPs, facts.idNatPs),
    identifier('RPPS', systems.rpps, facts.rpps),
  ];
  if (!shown.active) return stub(shown, identifiers);
  return {
    ...head(shown, 'RPPS', facts.authority, ['fr-core-practitioner', 'as-dp-practitioner']),
    identifier: identifiers,
    active: true,
    name: [
      {
        use: 'usual',
        text: `${family} ${given}`,
        family,
        given: [given],
        prefix: [civility.code],
        ...(title && { suffix: [title.code] }),
      },
    ],
    ...(mailbox && { telecom: [secureMailbox(mailbox)] }),
    qualification: [
      ...(degree ? [qualification([systems.degreeType, degree.type], [systems.degree, degree])] : []),
      qualification([systems.professionCategory, category], [systems.profession, profession]),
      ...(knowHow ? [qualification([systems.knowHowType, knowHow.type], [systems.knowHow, knowHow])] : []),
    ],
  };
}

function qualification(...pairs: [string, Code][]): { code: CodeableConcept } {
  return { code: { coding: pairs.map(([system, { code }]) => ({ system, code })) } };
}

function secureMailbox(value: string) {
  const url = `${profiles.core}fr-core-contact-point-email-type`;
  const valueCoding = { system: systems.mailboxType, code: 'MSSANTE', display: 'MSSANTE' };
  return { extension: [{ url, valueCoding }], system: 'email', value, use: 'work' };
}

export function structureResource(shown: Shown, facts: StructureFacts): AnyResource {
  const { state, platform } = shown;
  const identifiers = structureIdentifiers(facts);
  if (!shown.active) return stub(shown, identifiers);
  const kind = facts.level === 'site' ? 'GEOGRAPHICAL-ENTITY' : 'LEGAL-ENTITY';
  const types: [string, string, string][] = [
    ['organizationType', systems.organizationType, kind],
    ['secteurActiviteRASS', systems.sector, facts.sector.code],
    ...(facts.category
      ? [['categorieEtablissementRASS', systems.category, facts.category.code] as [string, string, string]]
      : []),
    ...(facts.legalStatus
      ? [['statutJuridiqueINSEE', systems.legalStatus, facts.legalStatus.code] as [string, string, string]]
      : []),
  ];
  const period = 'http://hl7.org/fhir/StructureDefinition/organization-period';
  return {
    ...head(shown, facts.finess ? 'FINESS' : 'RPPS', 'ARS', ['fr-core-organization', 'as-dp-organization']),
    extension: [{ url: period, valuePeriod: { start: facts.opened } }],
    identifier: identifiers,
    active: true,
    type: types.map(([slice, system, code]) => ({
      extension: [{ url: `${profiles.annuaire}as-ext-organization-types`, valueCode: slice }],
      coding: [{ system, code }],
    })),
    name: facts.name,
    ...(facts.longName !== facts.name && { alias: [facts.longName] }),
    telecom: [
      { system: 'phone', value: facts.phone },
      ...(facts.mailbox ? [secureMailbox(facts.mailbox)] : []),
    ],
    address: [address(facts.address)],
    ...(facts.parent !== undefined && {
      partOf: { reference: `Organization/${remoteIdOf(state, 'Organization', facts.parent, platform)}` },
    }),
  };
}

export function structureIdentifiers(facts: StructureFacts): Identifier[] {
  const { idNatSt, finess, siren, siret, technical, level } = facts;
  return [
    identifier('IDNST', systems.idNatSt, idNatSt),
    ...(finess ? [identifier(level === 'legal' ? 'FINEJ' : 'FINEG', systems.finess, finess)] : []),
    ...(siren && level !== 'site' ? [identifier('SIREN', systems.sirene, siren)] : []),
    ...(siret ? [identifier('SIRET', systems.sirene, siret)] : []),
    identifier('INTRN', systems.rppsRang, technical),
  ];
}

function address({ number, streetType, street, commune }: Address) {
  const part = (name: string, valueString: string): Extension => ({
    url: `http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-${name}`,
    valueString,
  });
  const line = `${number} ${streetType.label.toUpperCase()} ${street}`;
  const inseeCode = {
    url: `${profiles.core}fr-core-address-insee-code`,
    valueCoding: { system: systems.commune, code: commune.code },
  };
  return {
    ...(commune.code && { extension: [inseeCode] }),
    line: [line],
    _line: [
      {
        extension: [
          part('houseNumber', number),
          part('streetNameType', streetType.code),
          part('streetNameBase', street),
        ],
      },
    ],
    city: commune.name,
    postalCode: commune.postcode,
    country: 'FR',
  };
}

export function roleResource(shown: Shown, facts: RoleFacts): AnyResource {
  const { state, platform } = shown;
  const identifiers = [identifier(undefined, systems.rpps, facts.situation)];
  if (!shown.active) return stub(shown, identifiers);
  const code = (system: string, { code: value }: Code): CodeableConcept => ({
    coding: [{ system, code: value }],
  });
  return {
    ...head(shown, 'RPPS', undefined, ['fr-core-practitioner-role', 'as-dp-practitionerrole']),
    identifier: identifiers,
    active: true,
    practitioner: { reference: `Practitioner/${remoteIdOf(state, 'Practitioner', facts.person, platform)}` },
    ...(facts.structure !== undefined && {
      organization: {
        reference: `Organization/${remoteIdOf(state, 'Organization', facts.structure, platform)}`,
      },
    }),
    code: [
      code(systems.genre, facts.genre),
      code(systems.mode, facts.mode),
      code(systems.function, facts.function),
      ...(facts.section ? [code(systems.section, facts.section)] : []),
    ],
  };
}

export function serviceResource(shown: Shown, facts: SiteServiceFacts): AnyResource {
  const { state, platform } = shown;
  const identifiers = [identifier(undefined, systems.arhgos, facts.authorisation)];
  if (!shown.active) return stub(shown, identifiers);
  const concept = (system: string, code?: Code): CodeableConcept[] =>
    code ? [{ coding: [{ system, code: code.code }] }] : [];
  return {
    ...head(shown, 'FINESS', 'ARS', ['as-dp-healthcareservice-healthcare-activity']),
    extension: [authorisation(facts)],
    identifier: identifiers,
    active: true,
    providedBy: { reference: `Organization/${remoteIdOf(state, 'Organization', facts.structure, platform)}` },
    category: concept(systems.modality, facts.modality),
    type: concept(systems.activity, facts.code),
    characteristic: concept(systems.form, facts.form),
  };
}

export function deviceResource(shown: Shown, facts: SiteServiceFacts): AnyResource {
  const { state, platform } = shown;
  const identifiers = [identifier(undefined, systems.arhgos, facts.authorisation)];
  if (!shown.active) return stub(shown, identifiers);
  return {
    ...head(shown, 'FINESS', 'ARS', ['as-dp-device']),
    extension: [authorisation(facts)],
    identifier: identifiers,
    status: 'active',
    manufacturer: '0000',
    ...(facts.serial && { serialNumber: facts.serial }),
    type: { coding: [{ system: systems.equipment, code: facts.code.code }] },
    owner: { reference: `Organization/${remoteIdOf(state, 'Organization', facts.structure, platform)}` },
  };
}

function authorisation({ start, end }: SiteServiceFacts): Extension {
  return {
    url: `${profiles.annuaire}as-ext-authorization`,
    extension: [{ url: 'periodAuthorization', valuePeriod: { start, end } }],
  };
}

/** id, meta and language; `profile` names the profiles, those of FR Core first. */
function head(
  shown: Shown,
  system: string,
  authority: string | undefined,
  profile: readonly string[],
): AnyResource {
  const canonical = (name: string): string =>
    name.startsWith('fr-core')
      ? `${profiles.core}${name}|${profiles.coreVersion}`
      : `${profiles.annuaire}${name}|${profiles.annuaireVersion}`;
  return {
    resourceType: shown.type,
    id: remoteIdOf(shown.state, shown.type, shown.index, shown.platform),
    meta: {
      extension: [dataTrace(shown, system, authority)],
      ...versionOf(shown),
      source: profiles.source,
      profile: profile.map(canonical),
    },
    language: 'fr',
  };
}

function versionOf({ state, type, index, written, version }: Shown) {
  const instant = instantOf(state, typeNumber(type), index, written);
  return { versionId: String(version), lastUpdated: instantText(instant) };
}

function dataTrace({ state, changed }: Shown, system: string, authority: string | undefined): Extension {
  const coding = [{ system: systems.authority, code: authority ?? '' }];
  return {
    url: `${profiles.annuaire}as-ext-data-trace`,
    extension: [
      ...(authority ? [{ url: 'autorite-enregistrement', valueCodeableConcept: { coding } }] : []),
      { url: 'systeme-information', valueCode: system },
      { url: 'date-maj-ae', valueDate: dateOf(state, changed - 1) },
    ],
  };
}

/** A closed record: id, identifiers, not active (P-10). A Device has a status instead. */
function stub(shown: Shown, identifiers: Identifier[]): AnyResource {
  const { state, type, index, platform } = shown;
  return {
    resourceType: type,
    id: remoteIdOf(state, type, index, platform),
    meta: { ...versionOf(shown), source: profiles.source },
    identifier: identifiers,
    ...(type === 'Device' ? { status: 'inactive' } : { active: false }),
  };
}
