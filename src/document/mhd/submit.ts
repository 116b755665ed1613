/**
 * ITI-65, the source's side: one document, its bytes and the submission set that says who sends it (MHD-01 to MHD-03; IHE MHD
 * 4.2.3, Minimal.ProvideBundle, Minimal.SubmissionSet and Minimal.DocumentReference).
 */
import type { WriteEntry } from '../../delivery/types.ts';
import { keyOf } from '../../fhir/key.ts';
import { canonicalBase, managedByTag, publicationSource } from '../../fhir/names.ts';
import { referenceTo } from '../../fhir/references.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { oidOf } from '../xdm/ids.ts';
import { listTypes, sourceIdUrl } from './submission-set.ts';

const uris = 'urn:ietf:rfc:3986';

/** What the Bundle of such a transaction declares: metadata may be minimal. */
export const provideBundle =
  'https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.ProvideBundle';

/**
 * `entries`: the document's Binary and DocumentReference; `superseded`: what it replaces, as patches (MHD-06). Answers them
 * with the List that holds the new DocumentReference.
 */
export function submissionOf(
  entries: readonly WriteEntry[],
  superseded: readonly WriteEntry[],
  { documentId, patient, date }: { documentId: string; patient: { reference: string }; date: string },
): WriteEntry[] {
  const uniqueId = uriOf(`${canonicalBase}/submission|${documentId}`);
  const references = entries.filter(({ type }) => type === 'DocumentReference');
  const body: AnyResource = {
    resourceType: 'List',
    meta: { source: publicationSource, tag: [{ ...managedByTag }] },
    extension: [{ url: sourceIdUrl, valueIdentifier: uriOf(canonicalBase) }],
    identifier: [{ use: 'usual', ...uniqueId }],
    ...{ status: 'current', mode: 'working' },
    code: { coding: [{ system: listTypes, code: 'submissionset' }] },
    ...{ subject: patient, date },
    entry: references.map((one) => ({ item: { reference: referenceTo('DocumentReference', one.key) } })),
  };
  const set: WriteEntry = { type: 'List', key: keyOf(uniqueId)!, body, once: true };
  return [set, ...entries, ...superseded].map((entry) => ({ ...entry, bundleProfile: provideBundle }));
}

/** Submission sets and those who send them are named by OIDs. */
function uriOf(name: string): { system: string; value: string } {
  return { system: uris, value: `urn:oid:${oidOf(name)}` };
}
