/** The provisional Patient and the Task to the identity cell, for a server that may not know the patient (identity.md). */
import type { WriteEntry } from '../delivery/types.ts';
import { referenceTo } from '../fhir/references.ts';
import { splitKey } from '../fhir/key.ts';
import type { Patient } from '../fhir/types.ts';
import { writtenMeta } from './meta.ts';
import { partKey } from './names.ts';
import { provisionalPatient } from './patient.ts';
import type { ExchangeRules } from './rules.ts';

/** The reference by which everything that is sent for a referral names its patient. */
export function patientReference(referralId: string): { reference: string } {
  return { reference: referenceTo('Patient', partKey(referralId, 'patient')) };
}

/**
 * Entries that begin what is first sent to a server for a referral. `preparePatient` takes them away again when the
 * server turns out to know the patient.
 */
export function patientEntries(
  referralId: string,
  patient: Patient,
  rules: ExchangeRules,
  now: Date,
): WriteEntry[] {
  const patientKey = partKey(referralId, 'patient');
  const taskKey = partKey(referralId, 'identity-task');
  const { profiles, identityTask } = rules.referral;
  return [
    {
      type: 'Patient',
      key: patientKey,
      body: provisionalPatient(patient, patientKey, rules.identity, writtenMeta(profiles.patient), now),
    },
    {
      type: 'Task',
      key: taskKey,
      body: {
        resourceType: 'Task',
        meta: writtenMeta(profiles.identityTask),
        identifier: [splitKey(taskKey)],
        status: 'requested',
        intent: 'order',
        code: { coding: [identityTask.code], text: identityTask.text },
        focus: patientReference(referralId),
        for: patientReference(referralId),
        authoredOn: now.toISOString(),
        lastModified: now.toISOString(),
      },
    },
  ];
}
