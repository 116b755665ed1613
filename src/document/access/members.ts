/** Whom networks count among the members of a team, or have in a place, at an instant. Pure. */
import { covers } from '../../consent/period.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import { profileUrl } from '../rules.ts';
import { keyOfReference, parseKeyReference } from '../../fhir/references.ts';
import type { AnyResource, Extension, Period, Reference } from '../../fhir/types.ts';

/** A CareTeam or a PractitionerRole as a network says it, by its key. */
export type Part = { key: BusinessKey; body: AnyResource };

export type Network = {
  /** Teams and places in whose frame referrals stand. */
  frames: readonly Part[];
  /** Every place that a team refers to, by key. */
  places: ReadonlyMap<BusinessKey, AnyResource>;
  /** Affiliations of the establishments where the people of those places work. */
  affiliations: readonly AnyResource[];
};

/** Keys of the frames in which somebody whom these keys stand for has a place at `now`. */
export function framesOfKeys(
  keys: ReadonlySet<BusinessKey>,
  { frames, places, affiliations }: Network,
  now: Date,
): BusinessKey[] {
  return frames
    .filter(({ body }) => (body.resourceType === 'CareTeam' ? isMember(body) : hasPlace(body)))
    .map(({ key }) => key);

  function isMember(team: AnyResource): boolean {
    const { participant = [] } = team as { participant?: { member?: Reference; period?: Period }[] };
    return (
      isInForce(team['status'] !== 'inactive', team['period'], now) &&
      participant.some(({ member, period }) => covers(period, now) && isOneOf(member))
    );
  }

  function isOneOf(member: Reference | undefined): boolean {
    const key = keyOfReference(member);
    if (key === undefined) return false;
    const place = places.get(key);
    return place ? hasPlace(place) : keys.has(key);
  }

  /** The person, or the establishment where they work, while it belongs to the network. */
  function hasPlace(role: AnyResource): boolean {
    if (!isInForce(role['active'] !== false, role['period'], now)) return false;
    const work = workplaceOf(role);
    if (work !== undefined && hasLeft(role, work)) return false;
    const person = keyOfReference(role['practitioner'] as Reference | undefined);
    return [person, parseKeyReference(work ?? '')?.key].some((key) => key !== undefined && keys.has(key));
  }

  /** The network had the establishment, and no affiliation is in force any more. */
  function hasLeft(role: AnyResource, work: string): boolean {
    const network = (role['organization'] as Reference | undefined)?.reference;
    const own = affiliations.filter(
      (one) =>
        referenceIn(one, 'organization') === network &&
        referenceIn(one, 'participatingOrganization') === work,
    );
    return own.length > 0 && !own.some((one) => isInForce(one['active'] !== false, one['period'], now));
  }
}

/** Places that the participants of teams refer to. */
export function placesIn(frames: readonly Part[]): BusinessKey[] {
  const members = frames.flatMap(({ body }) => (body['participant'] ?? []) as { member?: Reference }[]);
  const keys = members.map(({ member }) => keyOfReference(member));
  return [...new Set(keys.filter((key) => key !== undefined))];
}

/** `Organization?identifier=…` of the establishment where somebody works. */
export function workplaceOf(role: AnyResource): string | undefined {
  const extensions = (role['extension'] ?? []) as Extension[];
  return extensions.find(({ url }) => url === profileUrl('pas-workplace'))?.valueReference?.reference;
}

/** A period says more than a flag: the flag is of the day on which the network was read. */
function isInForce(flag: boolean, period: unknown, now: Date): boolean {
  const { start, end } = (period ?? {}) as Period;
  return start === undefined && end === undefined ? flag : covers({ start, end }, now);
}

function referenceIn(resource: AnyResource, element: string): string | undefined {
  return (resource[element] as Reference | undefined)?.reference;
}
