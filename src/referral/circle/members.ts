/** Who belongs to a patient's care circle by a referral: the requester, and those who see the patient (REF-12). */
import { hasCoding } from '../../fhir/coding.ts';
import { type BusinessKey, splitKey } from '../../fhir/key.ts';
import { keyOfReference } from '../../fhir/references.ts';
import type { AnyResource, CodeableConcept, Reference } from '../../fhir/types.ts';
import type { CircleMember } from '../../store/circles.ts';
import type { StoredProtocol } from '../../store/protocols.ts';
import type { Referral } from '../../store/referrals.ts';
import type { Repositories } from '../../store/store.ts';
import { framesOf } from '../frames.ts';
import { keysOfParty } from '../party-keys.ts';
import { nameIn, namesOf } from '../party-names.ts';
import type { CircleRules } from '../rules.ts';

/** Of a pathway that begins. Empty when it names nobody who sees the patient: then no circle is asked for. */
export async function membersAtStart(
  tx: Repositories,
  { tenant, orderId }: Pick<Referral, 'tenant' | 'orderId'>,
  { plan, activities }: StoredProtocol,
  { activities: codes }: CircleRules,
): Promise<CircleMember[]> {
  const seen = activities.filter(({ code }) => codes.some((one) => hasCoding(code as CodeableConcept, one)));
  const places = (await tx.readers.frames(tenant, framesOf(plan, seen))).filter(
    ({ body }) => body.resourceType === 'PractitionerRole',
  );
  if (places.length === 0) return [];
  const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
  const requester = await memberOf(tx, tenant, order?.['requester'] as Reference | undefined);
  const held = places.map((place) => ({ ...place, person: personOf(place.body) }));
  const named = await tx.protocols.persons(
    tenant,
    held.flatMap(({ person }) => person ?? []),
  );
  const members = held.map((place) => {
    const person = named.find(({ key }) => key === place.person);
    return placeMember(place, nameIn(person?.body));
  });
  return requester ? [requester, ...members] : members;
}

/** Somebody whom a resource of ours names, as a circle names them: by identifier, as a role or an organisation. */
export async function memberOf(
  tx: Repositories,
  tenant: string,
  party: Reference | undefined,
): Promise<CircleMember | undefined> {
  const { named, person } = await keysOfParty(tx, tenant, party);
  const type = party?.type ?? party?.reference?.split('/')[0];
  const keys = person === undefined ? named : [...named, person]; // a role without identifier is its practitioner
  if (keys.length === 0 || type === undefined) return undefined;
  const isOrganization = type === 'Organization';
  return memberNamed(isOrganization ? type : 'PractitionerRole', keys, await namesOf(tx, tenant, party));
}

function personOf(role: AnyResource): BusinessKey | undefined {
  return keyOfReference(role['practitioner'] as Reference | undefined);
}

type Place = { key: BusinessKey; body: AnyResource; person: BusinessKey | undefined };

/** Who has the place, if it is somebody's, and what they are. */
function placeMember({ key, body, person }: Place, name: string | undefined): CircleMember {
  const jobs = ['code', 'specialty'].flatMap((element) => (body[element] ?? []) as CodeableConcept[]);
  const texts = jobs.flatMap(({ text, coding }) => text ?? coding?.[0]?.display ?? []);
  const names = [...(name ? [name] : []), ...new Set(texts)];
  return memberNamed('PractitionerRole', [key, ...(person ? [person] : [])], names);
}

/** By the first of the keys; `names` are for people. */
function memberNamed(type: string, keys: BusinessKey[], names: readonly string[]): CircleMember {
  const display = names.join(', ');
  return {
    reference: { type, identifier: splitKey(keys[0]!), ...(display ? { display } : {}) },
    keys,
  };
}
