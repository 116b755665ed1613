/** Leaving by type: nothing once used is deleted, it is made inactive (identity.md, "Leaving, by type"). */
import type { AnyResource } from '../fhir/types.ts';

type Leaving = {
  /** Elements that say that the resource is out of use. */
  set: Record<string, string | boolean>;
  /** Paths of the periods that end; `participant.period` ends one in every participant. */
  end?: string[];
};

const retired: Leaving = { set: { status: 'retired' } };

/** ServiceRequest, Task and CarePlan are missing on purpose: only the side that may ends those (referral/). */
const table: Record<string, Leaving> = {
  Organization: { set: { active: false } },
  Practitioner: { set: { active: false } },
  HealthcareService: { set: { active: false } },
  PractitionerRole: { set: { active: false }, end: ['period'] },
  OrganizationAffiliation: { set: { active: false }, end: ['period'] },
  Location: { set: { status: 'inactive' } },
  CareTeam: { set: { status: 'inactive' }, end: ['period', 'participant.period'] },
  Endpoint: { set: { status: 'off' } },
  PlanDefinition: retired,
  ActivityDefinition: retired,
  Questionnaire: retired,
  Measure: retired,
  DocumentReference: { set: { status: 'superseded' } },
  Consent: { set: { status: 'inactive' } },
};

/**
 * The resource as it stands after leaving on `today` (YYYY-MM-DD); undefined when no rule says how its type leaves.
 * A period that ended earlier keeps its end; one that has not begun ends where it begins (R4 per-1).
 */
export function close(body: AnyResource, today: string): AnyResource | undefined {
  const leaving = table[body.resourceType];
  if (!leaving) return undefined;
  const closed: AnyResource = { ...body, ...leaving.set };
  return (leaving.end ?? []).reduce((resource, path) => endPeriod(resource, path.split('.'), today), closed);
}

function endPeriod<T extends Record<string, unknown>>(holder: T, path: readonly string[], today: string): T {
  const [name, ...rest] = path as [string, ...string[]];
  const child = holder[name];
  if (rest.length === 0) return { ...holder, [name]: ended(child ?? {}, today) };
  if (!Array.isArray(child)) return holder;
  return { ...holder, [name]: child.map((item: Record<string, unknown>) => endPeriod(item, rest, today)) };
}

type Period = { start?: string; end?: string };

/** Dates compare as text: R4 writes them from the year down, and a shorter one stands for its beginning. */
function ended(period: Period, today: string): Period {
  const end = period.end !== undefined && period.end < today ? period.end : today;
  return { ...period, end: period.start !== undefined && period.start > end ? period.start : end };
}
