/** Who acted on a referral, by role, name and identifier, and when: professionals and organisations, never the patient. */
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Json, Reference } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { keysOfParty } from './party-keys.ts';
import { namesOf, referencesIn } from './party-names.ts';

/** `role` is French. `state`: of a performer who was asked, how far it came. */
export type Person = { role: string; name: string; identifiers: BusinessKey[]; at: Date; state?: string };

/** In the order in which they came in. */
export async function peopleOf(
  store: Repositories,
  referral: Referral,
  events: readonly ReferralEvent[],
): Promise<Person[]> {
  const { tenant, orderId, patientId, acceptedAt, id } = referral;
  const person = async (role: string, reference: Reference | undefined, at: Date): Promise<Person[]> => {
    const { named, behind } = await keysOfParty(store, tenant, reference);
    const names = await namesOf(store, tenant, reference);
    const identifiers = [...new Set([...named, ...behind])].filter((key) => !key.startsWith('urn:uuid:'));
    return names.length || identifiers.length ? [{ role, name: names.join(', '), identifiers, at }] : [];
  };
  const order = await store.clinical.get(tenant, 'ServiceRequest', orderId);
  const requester = await person('demandeur', order?.['requester'] as Reference | undefined, acceptedAt);
  const asked = await Promise.all(
    (await store.candidates.of(tenant, [id])).map(async ({ performer, name, state, addedAt }) =>
      (await person('destinataire', { display: name, ...performer }, addedAt)).map((one) => ({
        ...one,
        state,
      })),
    ),
  );
  const all = async (type: string): Promise<AnyResource[]> =>
    (await store.clinical.search(tenant, { type, patient: patientId, limit: 200 })).resources;
  const named = (resource: AnyResource): Date => new Date(resource.meta!.lastUpdated!);
  const steps = (await all('ServiceRequest')).filter(
    (one) => one['intent'] === 'order' && one.id !== orderId,
  );
  const performers = await Promise.all(
    steps.flatMap((step) =>
      referencesIn(step['performer']).map((one) => person(`intervenant, ${titleOf(step)}`, one, named(step))),
    ),
  );
  const seen = await Promise.all(
    (await all('Encounter')).flatMap((encounter) => {
      const { start } = (encounter['period'] ?? {}) as { start?: string };
      const participants = (encounter['participant'] ?? []) as { individual?: Reference }[];
      return participants.map(({ individual }) =>
        person('consultation', individual, start ? new Date(start) : named(encounter)),
      );
    }),
  );
  const authors = await Promise.all(
    (await all('DocumentReference')).flatMap((document) =>
      referencesIn(document['author']).map((one) => person('auteur d’un document', one, named(document))),
    ),
  );
  const found = [...requester, ...asked.flat(), ...performers.flat(), ...seen.flat(), ...authors.flat()];
  return once([...found, ...deciders(events)]).sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** Whoever decided by hand, as the ledger has their name. */
const decisions: Readonly<Record<string, string>> = {
  assigned: 'a confié l’adressage',
  transferred: 'a transmis l’adressage',
  'transfer-asked': 'a demandé la transmission',
  'proposal-accepted': 'a accepté la proposition',
  'proposal-refused': 'a refusé la proposition',
  'referral-closed': 'a clos l’adressage',
};

function deciders(events: readonly ReferralEvent[]): Person[] {
  return events.flatMap(({ kind, actor, at }) =>
    decisions[kind] ? [{ role: decisions[kind], name: actor, identifiers: [], at }] : [],
  );
}

/** One line for one person in one role, at the first time. */
function once(people: readonly Person[]): Person[] {
  const first = new Map<string, Person>();
  for (const one of people) {
    const key = JSON.stringify([one.role, one.name, one.identifiers, one.state]);
    const known = first.get(key);
    if (!known || one.at < known.at) first.set(key, one);
  }
  return [...first.values()];
}

function titleOf({ code }: AnyResource): string {
  const { text } = (code ?? {}) as { text?: Json };
  return typeof text === 'string' ? text : 'étape';
}
