/** The care circles that a hospital's server has of a patient, and who belongs to one. */
import { covers } from '../../consent/period.ts';
import { type BusinessKey, keysOf } from '../../fhir/key.ts';
import { keyOfReference, parseLocalReference, relativeTo } from '../../fhir/references.ts';
import type { AnyResource, Period, Reference } from '../../fhir/types.ts';
import type { FhirServer } from '../../server/types.ts';
import type { CircleRules } from '../rules.ts';

const mostTeams = 50;

type Team = { status?: string; period?: Period; subject?: Reference };

/** Those in force or proposed: what declares to be a circle, else what could be one. */
export async function circlesOf(
  server: FhirServer,
  patientId: string,
  { profiles }: Pick<CircleRules, 'profiles'>,
  now: Date,
): Promise<AnyResource[]> {
  const subject = `Patient/${patientId}`;
  const teams: AnyResource[] = [];
  for await (const team of server.search('CareTeam', { subject }, mostTeams)) {
    const { status, period, subject: whose } = team as Team;
    // A server may answer a search without looking at its criterion (CORE-11).
    const isTheirs = whose?.reference === subject || whose?.reference?.endsWith(`/${subject}`);
    const isOpen = (status === 'active' || status === 'proposed') && covers(period, now);
    if (isTheirs && isOpen) teams.push(team);
  }
  const declared = teams.filter(({ meta }) => meta?.profile?.some((one) => profiles.includes(plain(one))));
  if (declared.length > 0) return declared;
  return teams.filter(({ category, encounter }) => category === undefined && encounter === undefined);
}

function plain(canonical: string): string {
  return canonical.split('|')[0]!;
}

/** Every key by which those who belong to a circle at `now` may be known: their own, and of the person of a role. */
export async function keysInCircle(
  server: FhirServer,
  circle: AnyResource,
  now: Date,
): Promise<Set<BusinessKey>> {
  const participants = (circle['participant'] ?? []) as { member?: Reference; period?: Period }[];
  const members = participants
    .filter(({ period }) => covers(period, now))
    .flatMap(({ member }) => (member ? [member] : []));
  const keys = new Set(members.flatMap((member) => keyOfReference(member) ?? []));
  const resources = await readAll(server, members);
  const persons = resources.flatMap(({ practitioner }) => (practitioner as Reference | undefined) ?? []);
  for (const person of persons) {
    const key = keyOfReference(person);
    if (key !== undefined) keys.add(key);
  }
  for (const resource of [...resources, ...(await readAll(server, persons))])
    for (const key of keysOf(resource)) keys.add(key);
  return keys;
}

async function readAll(server: FhirServer, references: readonly Reference[]): Promise<AnyResource[]> {
  const wanted = references.flatMap(
    ({ reference = '' }) => parseLocalReference(relativeTo(server.base, reference)) ?? [],
  );
  if (wanted.length === 0) return [];
  const results = await server.readMany(wanted);
  return results.flatMap((result) => (result.state === 'found' ? [result.resource] : []));
}
