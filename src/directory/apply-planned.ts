import { GatewayError } from '../fhir/error.ts';
import type { DirectoryRun } from '../store/directory.ts';
import { applyRun } from './apply.ts';
import { withLease } from './lease.ts';
import { keepReport } from './report/write-report.ts';
import { summaryOf } from './run-summary.ts';
import type { SyncParts } from './sync-parts.ts';

/** Applies a run that was kept: `sync --plan`, or one that the brake holds. Throws `unprocessable` or `not-found`. */
export async function applyPlanned(
  parts: SyncParts,
  ask: { run: number; confirm?: boolean; signal: AbortSignal },
): Promise<DirectoryRun> {
  const { store } = parts;
  const asked = await store.directory.run(ask.run);
  if (!asked)
    throw new GatewayError({
      category: 'not-found',
      side: 'sender',
      message: `Passage de synchronisation inconnu : ${ask.run} (« passerelle sync history »).`,
    });
  return withLease(parts, asked.source, ask.signal, async (lease) => {
    const run = (await store.directory.run(ask.run))!;
    if (run.status !== 'planned' && run.status !== 'braked')
      throw refused('Ce passage n’attend pas d’être appliqué (« passerelle sync history »).');
    if (run.status === 'braked' && !ask.confirm) {
      const reasons = (summaryOf(run).issues ?? []).filter(({ rule }) => rule?.startsWith('brake:'));
      throw refused(reasons.map(({ message }) => message).join(' '));
    }
    await applyRun(parts, lease, run);
    await keepReport(parts, run.id);
    return (await store.directory.run(run.id))!;
  });
}

function refused(message: string): GatewayError {
  return new GatewayError({ category: 'unprocessable', side: 'sender', message });
}
