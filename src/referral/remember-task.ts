/** What the lost answer to a relay would have told, learnt from the Task that a search found. */
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { ServerReference } from '../store/references.ts';
import type { Store } from '../store/store.ts';
import { partKey, taskKey } from './names.ts';

/** Keeps where it is, and its patient: what asks it to stop points to both, and it is followed like any other. */
export async function rememberTask(
  store: Store,
  { tenant, serverId, referralId, n }: { tenant: string; serverId: string; referralId: string; n: number },
  task: AnyResource,
): Promise<void> {
  const row = (type: string, key: string, localId: string, ours: boolean): ServerReference => ({
    ...{ tenant, serverId, type, key, localId, ours },
    ...{ versionId: null, lastUpdated: null },
  });
  const key = partKey(referralId, 'patient');
  const { known, provisional } = await store.referrals.patientAt(tenant, referralId, { serverId, key });
  const patient = parseLocalReference((task['for'] as Reference | undefined)?.reference ?? '');
  await store.references.put([
    row('Task', taskKey(referralId, n), task.id!, true),
    ...(!known && patient?.type === 'Patient' ? [row('Patient', key, patient.id, provisional)] : []),
  ]);
}
