/** Actors of a consent, named in whatever way, as the identifiers that a decision compares. */
import { splitKey, type BusinessKey } from '../fhir/key.ts';
import type { Consent, Reference } from '../fhir/types.ts';

type Provision = NonNullable<Consent['provision']>;

/** Keys of an actor. A permission is for exactly whom it names; an opposition also for those who stand behind. */
export type KeysOfActor = (
  reference: Reference,
  type: Provision['type'],
) => readonly BusinessKey[] | Promise<readonly BusinessKey[]>;

/** A copy in which every actor, exceptions included, stands once for each of its keys; as it was when it has none. */
export async function withIdentifiedActors(consent: Consent, keysOfActor: KeysOfActor): Promise<Consent> {
  const { provision } = consent;
  return provision ? { ...consent, provision: await identified(provision, keysOfActor) } : consent;
}

async function identified(provision: Provision, keysOfActor: KeysOfActor): Promise<Provision> {
  const actors: NonNullable<Provision['actor']> = [];
  for (const actor of provision.actor ?? []) {
    const keys = await keysOfActor(actor.reference, provision.type);
    actors.push(...keys.map((key) => ({ ...actor, reference: { identifier: splitKey(key) } })));
    if (keys.length === 0) actors.push(actor);
  }
  const inner: Provision[] = [];
  for (const exception of provision.provision ?? []) inner.push(await identified(exception, keysOfActor));
  return {
    ...provision,
    ...(provision.actor ? { actor: actors } : {}),
    ...(provision.provision ? { provision: inner } : {}),
  };
}
