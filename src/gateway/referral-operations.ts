/** Referrals as the command line and the admin endpoint see them: the ledger, the receipts, the way back in. */
import { randomUUID } from 'node:crypto';
import type { RequestContext } from '../api/types.ts';
import type { Config } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Operations, ReferralSummary } from '../operations.ts';
import type { Referral } from '../store/referrals.ts';
import type { Parts } from './parts.ts';

type ReferralOperations = Pick<
  Operations,
  'referralList' | 'referralShow' | 'referralSend' | 'referralRetry'
>;

/** The operations on referrals. */
export function referralOperations({ config, store, delivery, exchanges }: Parts): ReferralOperations {
  const { tenant } = config;
  return {
    async referralList({ state }) {
      const all = await store.referrals.list(tenant, {});
      return all.filter((one) => state === undefined || one.state === state).map(summary);
    },

    async referralShow({ id }) {
      const referral = await store.referrals.get(tenant, id);
      if (!referral) throw notFound('Aucun adressage de cet identifiant.');
      const events = await store.referrals.events(tenant, id);
      const receipts = await store.receipts.ofReferral(tenant, id);
      const waiting = await store.outbox.open(tenant, { referralId: id });
      return {
        ...summary(referral),
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

function summary({ id, networkId, state, orderKey, acceptedAt, closedAt }: Referral): ReferralSummary {
  return {
    ...{ id, network: networkId, state, order: orderKey, acceptedAt: acceptedAt.toISOString() },
    ...(closedAt ? { closedAt: closedAt.toISOString() } : {}),
  };
}
