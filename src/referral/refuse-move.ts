/** A move at the fulfiller's that the state machine does not allow: not followed, and told. */
import type { Json } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { type Facts, isTaskState, refusalOf, type TaskState } from './machine.ts';

/** `moved`: the statuses passed through, empty when nothing changed; `problem`: why the Task there is not followed. */
export type Mirrored = { moved: TaskState[]; problem?: string };

/** Told once in the ledger, not at every poll (P-33). */
export async function refuseMove(
  tx: Repositories,
  { tenant, id }: Pick<Referral, 'tenant' | 'id'>,
  serverId: string,
  from: TaskState,
  to: unknown,
  facts: Facts,
  now: Date,
): Promise<Mirrored> {
  const { refused, next } = isTaskState(to)
    ? refusalOf(from, to, 'fulfiller', facts)
    : { refused: `La tâche a là-bas un statut qu’une demande n’a pas.`, next: 'Corrigez-le sur ce serveur.' };
  const problem = `${refused} ${next}`;
  const shown = isTaskState(to) ? to : 'autre';
  const detail: Json = { from, to: shown, problem };
  const last = (await tx.referrals.events(tenant, id)).findLast(({ kind }) => kind === 'move-refused');
  const told = (last?.detail ?? {}) as { from?: string; to?: string };
  if (told.from !== from || told.to !== shown)
    await tx.referrals.addEvent(tenant, id, {
      at: now,
      kind: 'move-refused',
      actor: serverId,
      detail,
    });
  return { moved: [], problem };
}
