/** The fulfiller's Task moved: the gateway's own Task, which the placer reads, follows by allowed moves only (REF-07). */
import type { Clock, Ids } from '../clock.ts';
import { contentHash, normalForm } from '../fhir/normal.ts';
import type { AnyResource, Json, Task } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { completeIfDone } from './close.ts';
import { closeWithdrawn, withdrawalOf } from './end-withdrawn.ts';
import { type Facts, isEnded, isTaskState, refusalOf, type TaskState, wayBetween } from './machine.ts';
import { toldLacking } from './machine-refusals.ts';
import { revokePlan } from './revoke-plan.ts';
import type { ExchangeRules } from './rules.ts';
import { startPlan } from './start-plan.ts';

export type MirrorParts = { clock: Clock; ids: Ids; rules: ExchangeRules };

/** `moved`: the statuses passed through, empty when nothing changed; `problem`: why the Task there is not followed. */
export type Mirrored = { moved: TaskState[]; problem?: string };

/** One transaction's work for one referral. */
export async function mirror(
  tx: Repositories,
  tenant: string,
  referralId: string,
  theirs: Task,
  parts: MirrorParts,
): Promise<Mirrored> {
  const now = new Date(parts.clock.now());
  const referral = await tx.referrals.lock(tenant, referralId);
  const own = referral && (await tx.clinical.get(tenant, 'Task', referral.taskId));
  if (!referral || !own || referral.closedAt) return { moved: [] };
  const from = own['status'] as TaskState;
  const to: unknown = theirs.status;
  const events = await tx.referrals.events(tenant, referralId);
  const facts = factsOf(theirs, withdrawalOf(events) !== undefined);
  const found = isTaskState(to) ? wayBetween(from, to, 'fulfiller', facts) : undefined;
  if (found === undefined) return refuseMove(tx, referral, from, to, facts, now);
  const { states: way, owes } = found;
  const next = mirrored(own, theirs, referral, facts, now);
  if (way.length === 0) {
    if (said(next) !== said(own)) {
      await tx.clinical.put(tenant, next, now);
      const event = { at: now, kind: 'task-told', actor: referral.fulfillerServer, detail: { state: from } };
      await tx.referrals.addEvent(tenant, referralId, event);
    }
    await completeIfDone(tx, tenant, referralId, now);
    return { moved: [] };
  }
  await tx.clinical.put(tenant, next, now);
  let before = from;
  for (const state of way) {
    const event = { at: now, kind: 'task', actor: referral.fulfillerServer };
    await tx.referrals.addEvent(tenant, referralId, { ...event, detail: { from: before, to: state } });
    before = state;
  }
  await follow(tx, referral, way, parts, now);
  if (way.at(-1) === 'cancelled') await closeWithdrawn(tx, referral, events, parts.clock);
  return { moved: way, ...(owes ? { problem: toldLacking(owes) } : {}) };
}

/** What a Task brings along. */
function factsOf({ output = [], statusReason }: Task, abort: boolean): Facts {
  const proposes = ({ valueReference }: NonNullable<Task['output']>[number]): boolean =>
    valueReference?.type === 'ServiceRequest' ||
    valueReference?.reference?.includes('ServiceRequest/') === true;
  return {
    output: output.length > 0,
    reason: statusReason !== undefined,
    proposal: output.some(proposes),
    abort,
  };
}

async function follow(
  tx: Repositories,
  referral: Referral,
  way: readonly TaskState[],
  parts: MirrorParts,
  now: Date,
): Promise<void> {
  const { tenant, id } = referral;
  const last = way.at(-1)!;
  const isLost = isEnded(last) && last !== 'completed';
  if (isLost) await revokePlan(tx, referral, parts.clock);
  else if (way.includes('accepted') && referral.carePlanId === null) {
    const order = await tx.clinical.get(tenant, 'ServiceRequest', referral.orderId);
    const [canonical] = (order?.['instantiatesCanonical'] ?? []) as string[];
    const protocol = canonical ? await tx.protocols.byCanonical(tenant, canonical) : undefined;
    if (protocol) await startPlan(tx, referral, protocol, parts);
    else await tx.referrals.addEvent(tenant, id, { at: now, kind: 'protocol-missing', actor: 'gateway' });
  }
  if (last === 'completed') {
    const done = await completeIfDone(tx, tenant, id, now);
    if (!done) await tx.referrals.setState(tenant, id, 'in-progress');
  } else await tx.referrals.setState(tenant, id, last);
}

/** Told once in the ledger, not at every poll (P-33). */
async function refuseMove(
  tx: Repositories,
  { tenant, id, fulfillerServer }: Referral,
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
      actor: fulfillerServer,
      detail,
    });
  return { moved: [], problem };
}

/** Status, reasons and outcome of theirs on our Task, as they are now; what only their server can show becomes logical (P-22). */
function mirrored(
  own: AnyResource & { id: string },
  theirs: Task,
  referral: Referral,
  { abort }: Facts,
  now: Date,
): AnyResource & { id: string } {
  const { statusReason, output } = theirs;
  const { statusReason: _reason, businessStatus: asked, output: _output, ...rest } = own;
  const businessStatus =
    theirs.businessStatus ?? (abort && theirs.status !== 'cancelled' ? asked : undefined);
  return {
    ...rest,
    status: theirs.status,
    ...(statusReason ? { statusReason } : {}),
    ...(businessStatus ? { businessStatus } : {}),
    lastModified: now.toISOString(),
    ...(output ? { output: output.map((one) => visible(one, referral)) } : {}),
  };
}

/** All that a Task says but when it said it. */
function said(task: AnyResource): string {
  const { lastModified: _at, ...content } = task;
  return contentHash(normalForm(content));
}

function visible(output: NonNullable<Task['output']>[number], referral: Referral): object {
  const { type, valueReference } = output;
  if (!valueReference) return output;
  const { identifier, display, type: target } = valueReference;
  const shown = display ?? 'Résultat conservé par le destinataire';
  return {
    type,
    valueReference: {
      ...(target ? { type: target } : {}),
      ...(identifier ? { identifier } : {}),
      display: identifier ? shown : `${shown} (${referral.fulfillerServer})`,
    },
  };
}
