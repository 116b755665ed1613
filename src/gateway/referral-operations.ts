/** Referrals as the command line and the admin endpoint see them: the ledger, the receipts, the way back in. */
import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../api/types.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Operations, ReferralClock, ReferralSummary } from '../operations.ts';
import { type Clock, clocksOf } from '../referral/clocks.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Parts } from './parts.ts';

type ReferralOperations = Pick<
  Operations,
  'referralList' | 'referralShow' | 'referralSend' | 'referralRetry'
>;

/** Referrals in one list. */
const longestList = 1000;

/** The operations on referrals. */
export function referralOperations({ config, store, delivery, exchanges, clock }: Parts): ReferralOperations {
  const { tenant } = config;
  const clocks = (referral: Referral, events: readonly ReferralEvent[]): Clock[] =>
    clocksOf({ ...referral, events }, exchanges.clocks, new Date(clock.now()));

  /** What is late may be the oldest: then every open referral is looked at, otherwise the newest are enough. */
  async function* listed(filter: { state?: string }, overdue?: boolean): AsyncGenerator<Referral[]> {
    if (!overdue) {
      yield await store.referrals.list(tenant, { ...filter, limit: longestList });
      return;
    }
    for await (const page of store.referrals.open(tenant))
      yield page.filter(({ state }) => filter.state === undefined || state === filter.state);
  }

  return {
    async referralList({ state, overdue }) {
      const filter = state === undefined ? {} : { state };
      const list: ReferralSummary[] = [];
      for await (const page of listed(filter, overdue)) {
        const ledgers = await store.referrals.ledgers(tenant, openOnes(page));
        const told = page.map((one) => summary(one, clocks(one, ledgers.get(one.id) ?? [])));
        list.push(...told.filter((one) => !overdue || one.overdue.length > 0));
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
      return {
        ...summary(referral, all),
        clocks: all.map(clockOf),
        timeline: events.map(({ at, kind, actor, detail }) => ({
          at: at.toISOString(),
          kind,
          actor,
          detail,
        })),
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
  };
}

/** The context of a configured client that a person at the command line acts for. */
export function contextOf(config: Config, id: string): RequestContext {
  const client = config.clients.find((one) => one.id === id && one.tenant === config.tenant);
  if (!client) throw notFound(`Client inconnu de la configuration : « ${id} ».`);
  const { tenant, server, roles } = client;
  return { caller: { client: id, tenant, server, roles, scopes: [] }, requestId: randomUUID() };
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

function clockOf({ id, title, startedAt, dueAt, stoppedAt, late }: Clock): ReferralClock {
  return {
    ...{ id, title, late, startedAt: startedAt.toISOString(), dueAt: dueAt.toISOString() },
    ...(stoppedAt ? { stoppedAt: stoppedAt.toISOString() } : {}),
  };
}
