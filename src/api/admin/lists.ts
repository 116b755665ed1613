/** What the admin endpoint shows of a tenant: plain lists, never the content of what is sent nor who the patient is. */
import { GatewayError } from '../../fhir/error.ts';
import type { Json } from '../../fhir/types.ts';
import type { Store } from '../../store/store.ts';

/** Filters of a list, from the query; absent ones do not filter. */
export type ListFilter = { server?: string; state?: string };

type ListedStore = Pick<Store, 'findings' | 'networks' | 'outbox' | 'referrals' | 'runs'>;
type Listed = Promise<Record<string, unknown>[]>;

const maxListed = 1000;

/** Lists by the name of their path; what they answer is described in schemas/admin-openapi.yaml. */
export const lists: Readonly<
  Record<string, (store: ListedStore, tenant: string, filter: ListFilter) => Listed>
> = {
  networks: async (store, tenant) =>
    (await store.networks.list(tenant)).map(({ source: _source, sourceFile: _file, ...network }) => network),

  runs: async (store, tenant) => store.runs.list(tenant, maxListed),

  deliveries: async (store, tenant, { server, state }) => {
    const items = await store.outbox.open(tenant, server === undefined ? {} : { serverId: server });
    return items
      .filter((item) => state === undefined || item.state === state)
      .slice(0, maxListed)
      .map(({ payload, ...item }) => ({ ...item, resources: payload.entries.length }));
  },

  findings: async (store, tenant, { server, state }) =>
    store.findings.list(tenant, {
      ...(server === undefined ? {} : { serverId: server }),
      ...(state === undefined ? {} : { state }),
    }),

  referrals: async (store, tenant, { state }) =>
    (await store.referrals.list(tenant, state === undefined ? {} : { state })).map(referralSummary),
};

/** One referral with its ledger. Throws `not-found`. */
export async function showReferral(store: ListedStore, tenant: string, id: string): Promise<unknown> {
  const referral = await store.referrals.get(tenant, id);
  if (!referral)
    throw new GatewayError({ category: 'not-found', side: 'sender', message: 'Adressage inconnu.' });
  const timeline = await store.referrals.events(tenant, id);
  return { ...referralSummary(referral), timeline };
}

/** What a run changed at which server, without the bodies. */
export async function showRunChanges(store: ListedStore, tenant: string, id: string): Promise<Json> {
  const changes = await store.runs.changes(tenant, id);
  return changes.map(({ serverId, type, key, op }) => ({ serverId, type, key, op }));
}

function referralSummary(
  referral: Awaited<ReturnType<ListedStore['referrals']['list']>>[number],
): Record<string, unknown> {
  const { id, networkId, state, orderKey, placerServer, fulfillerServer, acceptedAt, closedAt } = referral;
  return { id, networkId, state, orderKey, placerServer, fulfillerServer, acceptedAt, closedAt };
}
