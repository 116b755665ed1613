/** Referrals as the command line and the admin endpoint see them: the ledger, the receipts, the way back in. */
import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../api/types.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type {
  ReferralClock,
  ReferralOperations as AllReferralOperations,
  ReferralSummary,
} from '../referral-operations.ts';
import { type Clock, clocksOf } from '../referral/clocks.ts';
import { decideProposal } from '../referral/answer-proposal.ts';
import { isLive } from '../referral/candidate-state.ts';
import { closeReferral } from '../referral/close.ts';
import { direct, type Direction } from '../referral/direct.ts';
import type { Refusal } from '../referral/machine-refusals.ts';
import { peopleOf } from '../referral/people.ts';
import { refusedMove } from '../referral/refuse.ts';
import { withdraw } from '../referral/withdraw.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { Parts } from './parts.ts';

type ReferralOperations = Pick<
  AllReferralOperations,
  | 'referralList'
  | 'referralShow'
  | 'referralSend'
  | 'referralRetry'
  | 'referralAbort'
  | 'referralAssign'
  | 'referralTransfer'
  | 'referralProposal'
  | 'referralClose'
>;

/** Referrals in one list. */
const longestList = 1000;

/** The operations on referrals. */
export function referralOperations(parts: Parts, actor: string): ReferralOperations {
  const { config, store, delivery, exchanges, clock, ids } = parts;
  const { tenant } = config;
  const clocks = (referral: Referral, events: readonly ReferralEvent[]): Clock[] =>
    clocksOf({ ...referral, events }, exchanges.rules.clocks, new Date(clock.now()));

  /** What is late may be the oldest: then every open referral is looked at, otherwise the newest are enough. */
  async function* listed(filter: { state?: string }, all?: boolean): AsyncGenerator<Referral[]> {
    if (!all) {
      yield await store.referrals.list(tenant, { ...filter, limit: longestList });
      return;
    }
    for await (const page of store.referrals.open(tenant))
      yield page.filter(({ state }) => filter.state === undefined || state === filter.state);
  }

  /** Open ones that nobody has and nobody is asked for: a person is to choose. */
  async function nobodys(page: readonly Referral[]): Promise<Set<string>> {
    const free = page.filter(
      ({ candidate, closedAt, state }) => candidate === null && !closedAt && state === 'requested',
    );
    const asked = await store.candidates.of(
      tenant,
      free.map(({ id }) => id),
    );
    const live = new Set(asked.filter(isLive).map(({ referralId }) => referralId));
    return new Set(free.map(({ id }) => id).filter((id) => !live.has(id)));
  }

  /** One act on a referral, recorded in the audit trail with it; throws what the state machine refuses. */
  async function acted(
    id: string,
    action: string,
    act: (tx: Repositories, referral: Referral) => Promise<Refusal | undefined>,
  ): Promise<ReferralSummary> {
    const after = await store.transaction(async (tx) => {
      const referral = await tx.referrals.lock(tenant, id);
      if (!referral) throw notFound('Aucun adressage de cet identifiant.');
      const refusal = await act(tx, referral);
      if (refusal) throw refusedMove(refusal, 'Task.status');
      const at = new Date(clock.now());
      const entity = { referral: id };
      await tx.audit.add({ tenant, at, actor, action, requestId: ids.uuid(), outcome: 'done', entity });
      return (await tx.referrals.get(tenant, id))!;
    });
    delivery.wake();
    return summary(after, clocks(after, await store.referrals.events(tenant, id)));
  }

  const directed = (id: string, direction: Direction): Promise<ReferralSummary> =>
    acted(id, `referral.${direction.kind}`, async (tx, referral) => {
      const { pathway, rules } = exchanges;
      await direct(tx, { clock, ids, rules, pathway, servers: config.servers }, referral, direction);
      return undefined;
    });

  return {
    async referralList({ state, overdue, unrouted }) {
      const filter = state === undefined ? {} : { state };
      const list: ReferralSummary[] = [];
      for await (const page of listed(filter, overdue ?? unrouted)) {
        const ledgers = await store.referrals.ledgers(tenant, openOnes(page));
        const waiting = await nobodys(page);
        const told = page.map((one) => ({
          ...summary(one, clocks(one, ledgers.get(one.id) ?? [])),
          ...(waiting.has(one.id) ? { unrouted: true as const } : {}),
        }));
        const wanted = told.filter((one) => !overdue || one.overdue.length > 0);
        list.push(...wanted.filter((one) => !unrouted || one.unrouted));
        if (list.length >= longestList) break;
      }
      return list.slice(0, longestList);
    },

    async referralShow({ id }) {
      const referral = await store.referrals.get(tenant, id);
      if (!referral) throw notFound('Aucun adressage de cet identifiant.');
      const events = await store.referrals.events(tenant, id);
      const receipts = await store.receipts.ofReferral(tenant, id);
      const waiting = await store.outbox.open(tenant, { referralId: id });
      const all = clocks(referral, events);
      const people = await peopleOf(store, referral, events);
      return {
        ...summary(referral, all),
        clocks: all.map(clockOf),
        timeline: events.map(({ at, kind, actor, detail }) => ({
          at: at.toISOString(),
          kind,
          actor,
          detail,
        })),
        people: people.map(({ at, ...person }) => ({ ...person, at: at.toISOString() })),
        deliveries: [
          ...receipts.map(({ serverId, type, localId, versionId, status, receivedAt, kind }) => {
            return { server: serverId, kind, type, localId, versionId, status, at: receivedAt.toISOString() };
          }),
          ...waiting.map(({ serverId, kind, state, reason }) => ({ server: serverId, kind, state, reason })),
        ],
      };
    },

    async referralSend({ bundle, client }) {
      const context = contextOf(config, client);
      const resource = bundle as AnyResource;
      const raw = Buffer.from(JSON.stringify(bundle));
      const answer = await exchanges.handlers.acceptTransaction(context, { resource, raw });
      delivery.wake();
      return answer.resource;
    },

    async referralRetry({ id }) {
      return { requeued: await delivery.retry(tenant, { referralId: id }) };
    },

    async referralAbort({ id, reason }) {
      const withdrawal = { actor, role: 'placer' as const, ...(reason ? { reason: { text: reason } } : {}) };
      return acted(id, 'referral.abort', (tx, referral) =>
        withdraw(tx, { clock, ids, rules: exchanges.rules }, referral, withdrawal),
      );
    },

    async referralAssign({ id, ...direction }) {
      return directed(id, { ...direction, kind: 'assign', role: 'placer' });
    },

    async referralTransfer({ id, ...direction }) {
      return directed(id, { ...direction, kind: 'transfer', role: 'placer' });
    },

    async referralProposal({ id, accept, by }) {
      const referral = await store.referrals.get(tenant, id);
      if (!referral) throw notFound('Aucun adressage de cet identifiant.');
      await decideProposal(exchanges.referrals, referral, by, accept);
      return acted(id, 'referral.proposal', () => Promise.resolve(undefined));
    },

    async referralClose({ id, by }) {
      return acted(id, 'referral.close', (tx, referral) =>
        closeReferral(tx, referral, by, new Date(clock.now())),
      );
    },
  };
}

/** The context of a configured client that a person at the command line acts for. */
export function contextOf(config: Config, id: string): RequestContext {
  const client = config.clients.find((one) => one.id === id && one.tenant === config.tenant);
  if (!client) throw notFound(`Client inconnu de la configuration : « ${id} ».`);
  const { tenant, server, actsFor = [], roles } = client;
  return { caller: { client: id, tenant, server, actsFor, roles, scopes: [] }, requestId: randomUUID() };
}

export function notFound(message: string): GatewayError {
  return new GatewayError({ category: 'not-found', side: 'sender', message });
}

function openOnes(page: readonly Referral[]): string[] {
  return page.filter(({ closedAt }) => closedAt === null).map(({ id }) => id);
}

function summary(
  { id, networkId, state, orderKey, acceptedAt, closedAt }: Referral,
  clocks: readonly Clock[],
): ReferralSummary {
  const running = clocks.filter(({ late, stoppedAt }) => late && stoppedAt === undefined);
  return {
    ...{ id, network: networkId, state, order: orderKey, acceptedAt: acceptedAt.toISOString() },
    ...(closedAt ? { closedAt: closedAt.toISOString() } : {}),
    overdue: running.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).map(clockOf),
  };
}

function clockOf({ id, title, owner, startedAt, dueAt, stoppedAt, late }: Clock): ReferralClock {
  return {
    ...{ id, title, owner, late, startedAt: startedAt.toISOString(), dueAt: dueAt.toISOString() },
    ...(stoppedAt ? { stoppedAt: stoppedAt.toISOString() } : {}),
  };
}
