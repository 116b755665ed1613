/** What is known of a document however it came: by its Composition, or by the metadata around other bytes. */
import { type Assessment, assessmentsOf } from './criteria.ts';
import { type BusinessKey, keyOf } from '../fhir/key.ts';
import type {
  AnyResource,
  Bundle,
  CodeableConcept,
  Coding,
  Composition,
  HumanName,
  Identifier,
  Period,
  Reference,
} from '../fhir/types.ts';

/** Another document this one stands to: `replaces`, `appends`. */
export type Relation = { code: string; key: BusinessKey };

/** Someone named inside the document, by identifier and name. */
export type Person = { reference: Reference; name?: HumanName };

/** Where and how a document was made, in XDS terms (MHD-04). */
export type Circumstances = {
  format?: Coding;
  facilityType?: CodeableConcept;
  practiceSetting?: CodeableConcept;
};

export type DocumentFacts = {
  /** One a version of a document (DOC-03), and its key. */
  identifier: Identifier;
  key: BusinessKey;
  types: Coding[];
  /** As of a Composition: `preliminary`, `final`, `amended`. */
  status: string;
  title: string;
  /** Instants with their zone: when it was put together, and when its content was written. */
  issued: string;
  written: string;
  language?: string;
  confidentiality?: string;
  /** People and organisation, by identifier: whoever reads the metadata has no access to what is inside. */
  authors: Person[];
  /** Who answers for it by law (Composition.attester), else its first author. */
  signer: Person;
  /** Who is said to answer for it; undefined where nobody says so. */
  authenticator?: Person;
  custodian?: Reference;
  /** What kind of structure it says its custodian is. */
  custodianTypes: CodeableConcept[];
  /** Class of the encounter that it tells of. */
  encounterClass?: Coding;
  /** What its sender's metadata tell of how it was made. */
  circumstances: Circumstances;
  period?: Period;
  /** What it decided, if it did (Composition.event.code). */
  decisions: CodeableConcept[];
  /** What it answers to the criteria of the team that gave it; undefined where bytes are no FHIR document and none can be read. */
  assessments?: Assessment[];
  relations: Relation[];
  /** Identifiers of the orders that the document answers. */
  orderKeys: BusinessKey[];
  patient: AnyResource;
  /** Everything that was sent, for a look at what may not leave. */
  content: unknown;
};

/** Facts that a Composition and the entries of its Bundle tell; `key` and `patient` are already known to be there. */
export function factsOf(
  bundle: Bundle,
  composition: Composition,
  key: BusinessKey,
  patient: AnyResource,
): DocumentFacts {
  const events = composition.event ?? [];
  const details = events.flatMap(({ detail }) => detail ?? []);
  const { language, confidentiality } = composition;
  const authors = composition.author.map((author) => cited(author, bundle));
  const legal = composition.attester?.find(({ mode }) => mode === 'legal')?.party;
  const authenticator = legal && cited(legal, bundle);
  const { class: encounterClass } = (at(bundle, composition.encounter?.reference) ?? {}) as {
    class?: Coding;
  };
  const { type: custodianTypes = [] } = (at(bundle, composition.custodian?.reference) ?? {}) as {
    type?: CodeableConcept[];
  };
  return {
    ...{ identifier: bundle.identifier!, key, patient, content: bundle },
    types: composition.type?.coding ?? [],
    ...{ status: composition.status, title: composition.title },
    ...{ issued: bundle.timestamp!, written: composition.date },
    ...(language ? { language } : {}),
    ...(confidentiality ? { confidentiality } : {}),
    ...{ authors, signer: authenticator ?? authors[0]!, ...(authenticator ? { authenticator } : {}) },
    ...(composition.custodian ? { custodian: cited(composition.custodian, bundle).reference } : {}),
    ...{ custodianTypes, circumstances: {} },
    ...(encounterClass ? { encounterClass } : {}),
    ...(events[0]?.period ? { period: events[0].period } : {}),
    decisions: events.flatMap(({ code }) => code ?? []),
    assessments: assessmentsOf(composition),
    relations: (composition.relatesTo ?? []).flatMap(({ code, targetIdentifier }) => {
      const related = keyOf(targetIdentifier);
      return related === undefined ? [] : [{ code, key: related }];
    }),
    orderKeys: details.map(({ identifier }) => keyOf(identifier)).filter((one) => one !== undefined),
  };
}

type Party = AnyResource & { practitioner?: Reference; identifier?: Identifier[] };

function at({ entry = [] }: Bundle, url: string | undefined): Party | undefined {
  return entry.find(({ fullUrl }) => fullUrl !== undefined && fullUrl === url)?.resource as Party | undefined;
}

function cited(reference: Reference, bundle: Bundle): Person {
  const target = at(bundle, reference.reference);
  const person = at(bundle, target?.practitioner?.reference);
  const own = target?.identifier?.[0];
  const identifier =
    reference.identifier ?? own ?? target?.practitioner?.identifier ?? person?.identifier?.[0];
  const type = own || !person ? (target?.resourceType ?? reference.type) : person.resourceType;
  const display = reference.display ?? nameOf(target) ?? nameOf(person);
  const name = humanNameOf(person) ?? humanNameOf(target);
  return {
    reference: {
      ...(type ? { type } : {}),
      ...(identifier ? { identifier } : {}),
      ...(display ? { display } : {}),
    },
    ...(name ? { name } : {}),
  };
}

/** Name of an organisation or person, as it is read aloud. */
export function nameOf(resource: AnyResource | undefined): string | undefined {
  const name = resource?.['name'];
  if (typeof name === 'string') return name;
  const first = humanNameOf(resource);
  if (!first) return undefined;
  const parts = [...(first.prefix ?? []), ...(first.given ?? []), first.family];
  return first.text ?? (parts.filter(Boolean).join(' ') || undefined);
}

function humanNameOf(resource: AnyResource | undefined): HumanName | undefined {
  const name = resource?.['name'];
  return Array.isArray(name) ? (name as HumanName[])[0] : undefined;
}
