/**
 * Subscribers are told of what changes, whoever causes it: the event is counted, kept and queued in the transaction of the
 * change (nothing is told that did not happen, nothing happens untold), and sent as everything else is.
 */
import type { Clock } from '../clock.ts';
import type { ClientConfig } from '../config.ts';
import { enqueue } from '../delivery/enqueue.ts';
import type { NewItem } from '../delivery/types.ts';
import type { DocumentReference } from '../fhir/types.ts';
import type { StoredResource } from '../store/clinical.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories, Store } from '../store/store.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { matchesFilters } from './filter.ts';
import { noticeItem } from './items.ts';
import { readSubscription } from './read.ts';
import { takesPart } from './rights.ts';
import { topics } from './topics.ts';

const types: ReadonlySet<string> = new Set(topics.map(({ type }) => type));

/** The store, seen so that what changes in a transaction is told at its end to whom it concerns. */
export function tellingStore(store: Store, clients: readonly ClientConfig[], clock: Clock): Store {
  if (!clients.some(({ notify, subscriptions }) => notify ?? subscriptions)) return store;
  const transaction: Store['transaction'] = (work) =>
    store.transaction(async (tx) => {
      const changed = new Map<string, { tenant: string; resource: StoredResource; at: Date }>();
      const note = (tenant: string, stored: readonly StoredResource[], at: Date): void => {
        for (const resource of stored.filter(({ resourceType }) => types.has(resourceType)))
          changed.set(`${tenant} ${resource.resourceType}/${resource.id}`, { tenant, resource, at });
      };
      const clinical: Repositories['clinical'] = {
        ...tx.clinical,
        async put(tenant, resource, at, expected) {
          const stored = await tx.clinical.put(tenant, resource, at, expected);
          note(tenant, [stored], at);
          return stored;
        },
        async create(tenant, resources, at) {
          const stored = await tx.clinical.create(tenant, resources, at);
          note(tenant, stored, at);
          return stored;
        },
      };
      const result = await work({ ...tx, clinical });
      const told: Told[] = [];
      for (const { tenant, resource, at } of changed.values())
        told.push(...(await toldOf(tx, clients, tenant, resource, at)));
      // At the end and in one order: transactions that tell the same subscribers never wait for each other in a circle.
      told.sort((a, b) => a.subscription.id.localeCompare(b.subscription.id));
      const items: NewItem[] = [];
      for (const one of told) items.push(...(await eventOf(tx, one)));
      if (items.length) await enqueue(tx, items, clock);
      return result;
    });
  return { ...store, transaction };
}

/** A change that a subscription is about. */
type Told = {
  tenant: string;
  subscription: Subscription;
  resource: StoredResource;
  referralId: string;
  at: Date;
};

async function toldOf(
  tx: Repositories,
  clients: readonly ClientConfig[],
  tenant: string,
  resource: StoredResource,
  at: Date,
): Promise<Told[]> {
  const about = topics.filter(({ type }) => type === resource.resourceType);
  const asked = await tx.subscriptions.toldOf(
    tenant,
    about.map(({ canonical }) => canonical),
    at,
  );
  if (asked.length === 0) return [];
  const referral = await referralOf(tx, tenant, resource);
  if (!referral) return [];
  return asked.flatMap((subscription) => {
    const client = clients.find(({ id }) => id === subscription.client);
    if (!client || !takesPart(client, referral)) return [];
    if (!matchesFilters(resource, readSubscription(subscription.body).filters)) return [];
    return [{ tenant, subscription, resource, referralId: referral.id, at }];
  });
}

async function eventOf(
  tx: Repositories,
  { tenant, subscription, resource, referralId, at }: Told,
): Promise<NewItem[]> {
  const added = await tx.subscriptions.addEvent(tenant, subscription.id, {
    ...{ at, referralId, focusType: resource.resourceType, focusId: resource.id },
    version: Number(resource.meta.versionId),
  });
  // In error the count goes on (SUB-07), and what was missed is asked for ($events).
  if (!added || subscription.status === 'error') return [];
  const about = { n: added.n, referralId };
  return [noticeItem({ ...subscription, activation: added.activation }, 'event-notification', about)];
}

/** The referral whose coordination Task it is, or whose document it describes. */
async function referralOf(
  tx: Repositories,
  tenant: string,
  resource: StoredResource,
): Promise<Referral | undefined> {
  if (resource.resourceType === 'Task') return tx.referrals.byResource(tenant, 'task_id', resource.id);
  const { content } = resource as unknown as DocumentReference;
  const binary = /^Binary\/([^/]+)$/.exec(content[0]?.attachment.url ?? '')?.[1];
  const document = binary === undefined ? undefined : await tx.documents.get(tenant, binary);
  return document && tx.referrals.get(tenant, document.referralId);
}
