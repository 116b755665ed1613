/** Does this hospital know the patient? Only by its own number or by a qualified INS with its traits; never by name. */
import type { ServerConfig } from '../config.ts';
import { keyOf, keysOf, type BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Patient } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import { contradicts, qualifiedIns, samePerson } from './patient.ts';
import type { IdentityRules } from './rules.ts';

/** Id of the one patient there who is this patient; undefined when there is none or several (identity.md). */
export async function matchPatient(
  server: FhirServer,
  config: ServerConfig,
  patient: Patient,
  rules: IdentityRules,
  now: Date,
): Promise<string | undefined> {
  const number = keyOf(
    patient.identifier?.find(({ system }) => system !== undefined && system === config.patientSystem),
  );
  if (number) {
    const [only, ...more] = await patientsWith(server, number);
    if (only && more.length === 0 && !contradicts(patient, only as unknown as Patient)) return only.id;
  }
  const ins = qualifiedIns(patient, rules, now);
  if (!ins) return undefined;
  const [only, ...more] = await patientsWith(server, ins);
  if (!only || more.length > 0) return undefined;
  return samePerson(patient, only as unknown as Patient, rules, now) ? only.id : undefined;
}

/** Up to two are enough to know; records put aside (inactive, or replaced after a merge) are no match. */
async function patientsWith(server: FhirServer, key: BusinessKey): Promise<AnyResource[]> {
  const found: AnyResource[] = [];
  for await (const patient of server.search('Patient', { identifier: key }, 10)) {
    const { active, link } = patient as { active?: boolean; link?: { type?: string }[] };
    const replaced = link?.some(({ type }) => type === 'replaced-by');
    // A server may answer a search without looking at its criterion (CORE-11).
    if (keysOf(patient).includes(key) && active !== false && !replaced) found.push(patient);
  }
  return found;
}
