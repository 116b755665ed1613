/** Decides, before the first item for a server is sent, whether the patient is known there; decided once (identity.md). */
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import type { ClaimedItem, Prepare, WriteEntry } from '../delivery/types.ts';
import type { AnyResource, Patient } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Store } from '../store/store.ts';
import { matchPatient } from './match-patient.ts';
import { partKey } from './names.ts';
import type { ExchangeRules } from './rules.ts';

export type PreparePatientParts = {
  store: Store;
  servers: readonly ServerConfig[];
  connect: (serverId: string) => FhirServer;
  rules: ExchangeRules;
  clock: Clock;
};

/**
 * A hook for every kind of item that may begin with a provisional Patient. The server is asked outside any
 * transaction; the answer is recorded (reference table when known, ledger when provisional) before anything is sent,
 * so a retry after a crash decides the same.
 */
export function preparePatient(parts: PreparePatientParts): Prepare {
  return async (item) => {
    const { referralId, tenant, serverId } = item;
    if (referralId === null || !item.entries.some(({ type }) => type === 'Patient')) return item.entries;
    const key = partKey(referralId, 'patient');
    const found = await parts.store.referrals.patientAt(tenant, referralId, { serverId, key });
    if (found.known) return withoutPatient(item);
    if (found.provisional || !found.patient) return item.entries;
    return decide(parts, item, referralId, found.patient);
  };
}

async function decide(
  { store, servers, connect, rules, clock }: PreparePatientParts,
  item: ClaimedItem,
  referralId: string,
  patient: AnyResource,
): Promise<WriteEntry[]> {
  const { tenant, serverId } = item;
  const config = servers.find(({ id }) => id === serverId);
  if (!config) return item.entries;
  const localId = await matchPatient(
    connect(serverId),
    config,
    patient as unknown as Patient,
    rules.identity,
    new Date(clock.now()),
  );

  const at = new Date(clock.now());
  await store.transaction(async (tx) => {
    await tx.referrals.hold(tenant, referralId);
    if (localId !== undefined)
      await tx.references.put([
        {
          ...{ tenant, serverId, type: 'Patient', key: partKey(referralId, 'patient'), localId },
          ...{ versionId: null, lastUpdated: null, ours: false },
        },
      ]);
    const kind = localId === undefined ? 'patient-provisional' : 'patient-known';
    await tx.referrals.addEvent(tenant, referralId, {
      ...{ at, kind, actor: 'gateway', detail: { server: serverId } },
    });
  });
  return localId === undefined ? item.entries : withoutPatient(item);
}

function withoutPatient(item: ClaimedItem): WriteEntry[] {
  const identityTask = partKey(item.referralId!, 'identity-task');
  return item.entries.filter(
    ({ type, key }) => type !== 'Patient' && !(type === 'Task' && key === identityTask),
  );
}
