import type { Clock } from '../clock.ts';
import { GatewayError } from '../fhir/error.ts';
import { asGatewayError } from '../fhir/outcome.ts';
import { errorFields, type Log } from '../log.ts';
import { attempt, type AttemptParts, type AttemptResult } from './attempt.ts';
import type { Channel } from './channel.ts';
import { type Circuits, isServerFailure } from './circuits.ts';
import type { DeliveryStore } from './port.ts';
import type { Policy } from './policy.ts';
import { record } from './record.ts';
import { type Settled, setMovedAside, settle } from './settle.ts';
import type { ClaimedItem, Effect, Prepare } from './types.ts';

export type ItemParts = Omit<AttemptParts, 'stillHeld' | 'server' | 'config'> & {
  /** Where the item goes. */
  to: Pick<AttemptParts, 'server' | 'config'> | Channel;
  store: DeliveryStore;
  clock: Clock;
  log: Log;
  policy: Policy;
  circuits: Circuits;
  effects: ReadonlyMap<string, Effect>;
  prepare?: ReadonlyMap<string, Prepare>;
};

/** Sends one claimed item and records what came of it. Rejects only when the database does. */
export async function deliverItem(item: ClaimedItem, parts: ItemParts): Promise<'delivered' | Settled> {
  const beating = new AbortController();
  const heart = beat(item, parts, beating.signal);
  try {
    const outcome = await tryItem(item, parts);
    parts.log.info(`delivery.${outcome}`, { item: item.id, server: item.serverId, attempt: item.attempts });
    return outcome;
  } finally {
    beating.abort('done'); // without a reason it makes an error, with its stack
    await heart;
  }
}

async function tryItem(item: ClaimedItem, parts: ItemParts): Promise<'delivered' | Settled> {
  const { store, clock, effects } = parts;
  let isAsked = false;
  try {
    const prepare = parts.prepare?.get(item.kind) ?? parts.prepare?.get(item.lane);
    const entries = prepare ? await prepare(item) : item.entries;
    const stillHeld = () => store.outbox.prolong(item, parts.policy.leaseMs);
    isAsked = entries.length > 0;
    const result = await sendTo(parts.to, { ...item, entries }, parts, stillHeld);
    if ('lost' in result) return 'lost';
    if (isAsked) await serverAnswered(item, parts);
    else parts.circuits.unasked(item.serverId);
    const effect = effects.get(item.kind) ?? effects.get(item.lane);
    if ('moved' in result) {
      if (item.lane === 'clinical') throw movedClinical();
      return await setMovedAside(store, item, result.moved, effect, clock.now());
    }
    return await record(store, item, result, effect, new Date(clock.now()));
  } catch (error) {
    const known = asGatewayError(error);
    if (known.category === 'fault')
      parts.log.error('delivery.fault', { item: item.id, ...errorFields(error) });
    if (isServerFailure(known)) await serverFailed(item, known, parts);
    else if (isAsked) await serverAnswered(item, parts);
    // what was set aside before anybody was asked (no consent any more) says nothing of the server
    else parts.circuits.unasked(item.serverId);
    return settle(store, item, known, parts.policy, clock.now(), parts.ids.fraction());
  }
}

async function sendTo(
  to: ItemParts['to'],
  item: ClaimedItem,
  parts: ItemParts,
  stillHeld: () => Promise<boolean>,
): Promise<AttemptResult> {
  if (!('send' in to)) return attempt(item, { ...parts, ...to, stillHeld });
  const receipts = await to.send(item, stillHeld);
  if (receipts === 'lost') return { lost: true };
  return { receipts: receipts.map((one) => ({ ...one, tenant: item.tenant, ours: true })), refused: [] };
}

async function serverAnswered(item: ClaimedItem, { circuits, store, clock, log }: ItemParts): Promise<void> {
  if (!circuits.answered(item.serverId)) return;
  log.info('delivery.server-answers-again', { server: item.serverId });
  await store.outbox.hasten(item.serverId, new Date(clock.now()));
}

/** Logged when it begins, not at every attempt (P-33); every waiting item says why (P-32). */
async function serverFailed(item: ClaimedItem, error: GatewayError, parts: ItemParts): Promise<void> {
  const { circuits, store, clock, log } = parts;
  if (circuits.failed(item.serverId, error, clock.now()))
    log.warn('delivery.server-down', { server: item.serverId, category: error.category });
  const down = circuits.down().find(({ serverId }) => serverId === item.serverId);
  if (down) await store.outbox.explain(item.serverId, down.reason, true);
}

/** Keeps the lease while the server takes its time. */
async function beat(
  item: ClaimedItem,
  { store, clock, policy }: ItemParts,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(policy.heartbeatMs, signal);
    if (signal.aborted) return;
    // A database that does not answer now may do so in time; the fence decides in the end.
    const held = await store.outbox.prolong(item, policy.leaseMs).catch(() => true);
    if (!held) return;
  }
}

function movedClinical(): GatewayError {
  return new GatewayError({
    category: 'conflict',
    side: 'server',
    message: 'La ressource a changé sur ce serveur depuis notre dernière lecture.',
  });
}
