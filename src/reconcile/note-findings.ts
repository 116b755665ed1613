import type { Json } from '../fhir/types.ts';
import type { Drift } from '../operations.ts';
import type { Repositories } from '../store/store.ts';

const severities: Record<Drift['kind'], string> = {
  changed: 'warning',
  deleted: 'error',
  missing: 'error',
  twin: 'warning',
};

/**
 * Keeps what a run saw at a server; findings that it saw no more are over, but for those of resources (`Type key`)
 * that it could not judge.
 */
export async function noteFindings(
  tx: Pick<Repositories, 'findings'>,
  at: { tenant: string; serverId: string; runId: string; now: Date },
  drifts: readonly Drift[],
  unjudged: readonly string[],
): Promise<void> {
  for (const drift of drifts) {
    const { type, key, kind, fields } = drift;
    // One finding for all twins of a resource: a person settles them together.
    const same = drifts.filter((one) => one.kind === kind && one.type === type && one.key === key);
    const detail = { localIds: same.map((one) => one.localId), fields } as unknown as Json;
    const finding = { serverId: at.serverId, type, key, kind, severity: severities[kind], detail };
    await tx.findings.see(at.tenant, at.runId, at.now, finding);
  }
  await tx.findings.endUnseen(at.tenant, at.serverId, at.runId, unjudged);
}
