/** Taking note of a document that was corrected after it had completed a referral: the loop that the correction reopened. */
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, Identifier, Reference } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { referralSystem } from './names.ts';
import { valuesOf } from './parts.ts';
import { workItemOf } from './work-item.ts';

/** Event of the ledger: a final document of an ended referral was replaced or completed by another. */
export const correctedEvent = 'document-corrected';
/** Event of the ledger: somebody has seen it. The index of migration 0015 knows both. */
export const acknowledgedEvent = 'correction-acknowledged';

/** True while nobody has taken note of the last correction. */
export function isUnread(events: readonly ReferralEvent[]): boolean {
  const last = events.findLast(({ kind }) => kind === correctedEvent || kind === acknowledgedEvent);
  return last?.kind === correctedEvent;
}

/** Part of the referral's keys that the work item has; one a referral, opened anew by each correction. */
export const acknowledgePart = 'acknowledge';

/** Id of the coordination Task that such a work item belongs to; undefined for any other Task. */
export function acknowledgedTask(task: AnyResource): string | undefined {
  const identifiers = valuesOf(task, 'identifier') as Identifier[];
  const isOne = identifiers.some(
    ({ system, value }) => system === referralSystem && /^[^/]+\/acknowledge$/.test(value ?? ''),
  );
  const focus = parseLocalReference((task['focus'] as Reference | undefined)?.reference ?? '');
  return isOne && focus?.type === 'Task' ? focus.id : undefined;
}

/** `actor` has seen the correction; does nothing when there is none to see. Hold the referral's lock. */
export async function acknowledge(
  tx: Repositories,
  referral: Pick<Referral, 'tenant' | 'id' | 'taskId'>,
  actor: string,
  now: Date,
): Promise<void> {
  const { tenant, id, taskId } = referral;
  if (!isUnread(await tx.referrals.events(tenant, id))) return;
  await tx.referrals.addEvent(tenant, id, { at: now, kind: acknowledgedEvent, actor });
  const lastModified = now.toISOString();
  const work = await workItemOf(tx, referral, acknowledgePart);
  if (work) await tx.clinical.put(tenant, { ...work, status: 'completed', lastModified }, now);
  const own = await tx.clinical.get(tenant, 'Task', taskId);
  if (!own) return;
  const { businessStatus: _said, ...rest } = own;
  await tx.clinical.put(tenant, { ...rest, lastModified }, now);
}
