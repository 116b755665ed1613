/** ITI-65, the source's side: one document, its bytes and the submission set that says who sends it (MHD-01 to MHD-03). */
import type { WriteEntry } from '../../delivery/types.ts';
import { splitKey } from '../../fhir/key.ts';
import { canonicalBase, managedByTag, publicationSource } from '../../fhir/names.ts';
import { referenceTo } from '../../fhir/references.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { listTypes, sourceIdUrl } from './submission-set.ts';

/** What the Bundle of such a transaction declares: metadata may be minimal. */
export const provideBundle =
  'https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.ProvideBundle';

/** `entries`: the document's Binary and DocumentReference. Answers them with the List that holds the latter. */
export function submissionOf(
  entries: readonly WriteEntry[],
  { documentId, patient, date }: { documentId: string; patient: { reference: string }; date: string },
): WriteEntry[] {
  const key = `${canonicalBase}/submission|${documentId}`;
  const references = entries.filter(({ type }) => type === 'DocumentReference');
  const body: AnyResource = {
    resourceType: 'List',
    meta: { source: publicationSource, tag: [{ ...managedByTag }] },
    extension: [{ url: sourceIdUrl, valueIdentifier: { system: canonicalBase, value: 'passerelle' } }],
    identifier: [{ use: 'official', ...splitKey(key) }],
    ...{ status: 'current', mode: 'working' },
    code: { coding: [{ system: listTypes, code: 'submissionset' }] },
    ...{ subject: patient, date },
    entry: references.map((one) => ({ item: { reference: referenceTo('DocumentReference', one.key) } })),
  };
  const set: WriteEntry = { type: 'List', key, body, once: true };
  return [set, ...entries].map((entry) => ({ ...entry, bundleProfile: provideBundle }));
}
