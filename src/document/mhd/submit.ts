/**
 * ITI-65, the source's side: one document, its bytes and the submission set that says who sends it (MHD-01 to MHD-04; IHE MHD
 * 4.2.3, UnContained.Comprehensive.ProvideBundle where everything that it demands is known, else Minimal.ProvideBundle).
 */
import type { WriteEntry } from '../../delivery/types.ts';
import { systems } from '../../fhir/identifiers.ts';
import { type BusinessKey, keyOf, splitKey } from '../../fhir/key.ts';
import { canonicalBase, managedByTag, publicationSource } from '../../fhir/names.ts';
import { referenceTo } from '../../fhir/references.ts';
import type { AnyResource, DocumentReference, Reference } from '../../fhir/types.ts';
import { profileUrl } from '../rules.ts';
import { oidOf } from '../xdm/ids.ts';
import { lacksOf } from './comprehensive.ts';
import {
  authorOrgUrl,
  designationTypeUrl,
  ihe,
  intendedRecipientUrl,
  listTypes,
  sourceIdUrl,
} from './submission-set.ts';

const uris = 'urn:ietf:rfc:3986';

/** What the Bundle of such a transaction declares. */
export const provideBundle = {
  minimal: `${ihe}/StructureDefinition/IHE.MHD.Minimal.ProvideBundle`,
  comprehensive: `${ihe}/StructureDefinition/IHE.MHD.UnContained.Comprehensive.ProvideBundle`,
};

/** Whom a submission is for. */
export type Intended = { name: string; keys: readonly BusinessKey[] };

export type SubmissionAbout = {
  documentId: string;
  patient: { reference: string };
  date: string;
  recipients: readonly Intended[];
};

/**
 * `entries`: the document's Binary and DocumentReference; `superseded`: what it replaces, as patches (MHD-06). Answers them
 * with the List that holds the new DocumentReference.
 */
export function submissionOf(
  entries: readonly WriteEntry[],
  superseded: readonly WriteEntry[],
  about: SubmissionAbout,
): WriteEntry[] {
  const uniqueId = uriOf(`${canonicalBase}/submission|${about.documentId}`);
  const references = entries.filter(({ type }) => type === 'DocumentReference');
  const told = references[0]!.body as unknown as DocumentReference;
  const body: AnyResource = {
    resourceType: 'List',
    meta: {
      profile: [profileUrl('pas-submission-set')],
      source: publicationSource,
      tag: [{ ...managedByTag }],
    },
    ...authorOf(told),
    extension: extensionsOf(told, about.recipients),
    identifier: [{ use: 'usual', ...uniqueId }],
    ...{ status: 'current', mode: 'working' },
    code: { coding: [{ system: listTypes, code: 'submissionset' }] },
    ...{ subject: about.patient, date: about.date },
    entry: references.map((one) => ({ item: { reference: referenceTo('DocumentReference', one.key) } })),
  };
  const set: WriteEntry = { type: 'List', key: keyOf(uniqueId)!, body, once: true };
  const bundleProfile = lacksOf(told).length ? provideBundle.minimal : provideBundle.comprehensive;
  return [set, ...entries, ...superseded].map((entry) => ({ ...entry, bundleProfile }));
}

/**
 * The activity is the sector of whoever keeps the document (JDV_J03 takes it, as in PDSm's own example); whose records these
 * are and who sends them is told by identifiers.
 */
function extensionsOf({ context }: DocumentReference, recipients: readonly Intended[]): object[] {
  return [
    ...(context?.facilityType
      ? [{ url: designationTypeUrl, valueCodeableConcept: context.facilityType }]
      : []),
    { url: sourceIdUrl, valueIdentifier: uriOf(canonicalBase) },
    ...recipients.map((one) => ({ url: intendedRecipientUrl, valueReference: namedAs(one) })),
  ];
}

/** Whoever answers for the document, contained here as there. */
function authorOf({ contained = [], authenticator, author = [] }: DocumentReference): object {
  const { reference } = authenticator ?? author[0] ?? {};
  const body = contained.find(({ id }) => id !== undefined && reference === `#${id}`);
  if (!body) return {};
  const within = { reference: `#${body.id}` };
  return {
    contained: [body],
    source:
      body.resourceType === 'Organization'
        ? { extension: [{ url: authorOrgUrl, valueReference: within }] }
        : within,
  };
}

const nationally: readonly [type: string, systems: readonly string[]][] = [
  ['Practitioner', [systems.rpps, systems.idNatPs]],
  ['Organization', [systems.finess, systems.idNatSt]],
];

/** By a national identifier, a person before a structure; else by name. */
function namedAs({ name, keys }: Intended): Reference {
  for (const [type, among] of nationally) {
    const key = keys.find((one) => among.includes(splitKey(one).system));
    if (key !== undefined) return { type, identifier: splitKey(key), display: name };
  }
  return { display: name };
}

/** Submission sets and those who send them are named by OIDs. */
function uriOf(name: string): { system: string; value: string } {
  return { system: uris, value: `urn:oid:${oidOf(name)}` };
}
