/** Reads what hospitals answered to what was asked of care circles; who belongs to a circle stays theirs to say. */
import type { Clock } from '../../clock.ts';
import type { Task } from '../../fhir/types.ts';
import type { EachRead, FhirServer } from '../../server/types.ts';
import type { CircleAsk } from '../../store/circles.ts';
import type { Store } from '../../store/store.ts';
import { circleTaskKey } from './circle-entries.ts';

export type FollowCirclesParts = { store: Store; connect: (serverId: string) => FhirServer; clock: Clock };

const answers: ReadonlySet<string> = new Set([
  ...['completed', 'rejected', 'cancelled', 'failed', 'entered-in-error'],
]);

/** The asks of one server that wait. */
export async function followCircles(
  { store, connect, clock }: FollowCirclesParts,
  tenant: string,
  serverId: string,
  asks: readonly CircleAsk[],
): Promise<void> {
  const byKey = new Map(asks.map((ask) => [circleTaskKey(ask.referralId, ask.n), ask]));
  const rows = await store.references.find([tenant], serverId, [...byKey.keys()]);
  const tasks = rows.filter(({ type }) => type === 'Task'); // those not sent yet have none
  if (tasks.length === 0) return;
  const results = await connect(serverId).readEach(
    tasks.map(({ localId }) => ({ type: 'Task', id: localId })),
  );
  for (const [index, result] of results.entries()) {
    const told = answerOf(result);
    if (told) await note(byKey.get(tasks[index]!.key)!, told);
  }

  async function note({ tenant, referralId, n }: CircleAsk, told: { to: string; reason?: string }) {
    const at = new Date(clock.now());
    await store.transaction(async (tx) => {
      const referral = await tx.referrals.lock(tenant, referralId);
      const ask = await tx.circles.get(tenant, referralId, n);
      if (!referral || !ask || ask.state === 'answered') return;
      await tx.circles.answered(ask);
      const detail = { ...told, ask: n };
      await tx.referrals.addEvent(tenant, referralId, {
        at,
        kind: 'circle-answered',
        actor: serverId,
        detail,
      });
    });
  }
}

/** How the Task ended, with why; undefined while it has not. A Task that is gone will not be answered. */
function answerOf(result: EachRead): { to: string; reason?: string } | undefined {
  if (result.state === 'unread') return undefined; // asked again at the next pass, and nobody else waits for it
  if (result.state !== 'found') return { to: 'deleted' };
  const { status, statusReason } = result.resource as unknown as Task;
  if (!answers.has(status)) return undefined;
  const reason = statusReason?.text;
  return { to: status, ...(reason ? { reason } : {}) };
}
