/** Subscriptions joined: what `/fhir` hands to them, how they are told, and their beat. */
import type { Exchange, RequestContext } from '../api/types.ts';
import { requireAccess } from '../api/fhir/edge.ts';
import { readers } from '../api/table.ts';
import type { Clock, Ids } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Channel } from '../delivery/channel.ts';
import type { Effect } from '../delivery/types.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Store } from '../store/store.ts';
import {
  createSubscription,
  removeSubscription,
  type Subscriber,
  updateSubscription,
} from '../subscription/act.ts';
import { subscriptionEvents, subscriptionStatus } from '../subscription/ask.ts';
import { subscriberChannel, subscriptionEffect } from '../subscription/channel.ts';
import { subscriberId, subscriptionKind } from '../subscription/items.ts';
import { topicOf } from '../subscription/topics.ts';

export type SubscriptionParts = {
  config: Pick<Config, 'clients'>;
  store: Store;
  clock: Clock;
  ids: Ids;
  /** Of our `/fhir`. */
  base: () => string;
};

export type Subscriptions = {
  handlers: Pick<Exchange, 'create' | 'update' | 'remove' | 'subscriptions'>;
  channels: readonly (readonly [string, Channel])[];
  effects: readonly (readonly [string, Effect])[];
};

/** Who may not read a type is not told of it either. */
function mayRead(asked: RequestContext, { criteria }: AnyResource): Subscriber {
  const topic = topicOf(String(criteria));
  if (topic) requireAccess(asked.caller, topic.type, readers, 'r');
  return who(asked);
}

function who({ caller, requestId }: RequestContext): Subscriber {
  const { client, tenant } = caller;
  return { client, tenant, requestId };
}

/** Joins subscriptions over one store. */
export function createSubscriptions({ config, ...parts }: SubscriptionParts): Subscriptions {
  const context = { ...parts, clients: config.clients };
  const now = (): Date => new Date(parts.clock.now());
  return {
    handlers: {
      create: {
        Subscription: async (asked, { resource }) => ({
          status: 201,
          resource: await createSubscription(context, mayRead(asked, resource), resource),
        }),
      },
      update: {
        Subscription: async (asked, { resource, id, ifMatch }) => ({
          status: 200,
          resource: await updateSubscription(context, mayRead(asked, resource), { ...resource, id }, ifMatch),
        }),
      },
      remove: {
        Subscription: async (asked, id) => {
          await removeSubscription(context, who(asked), id);
          return { status: 204 };
        },
      },
      subscriptions: {
        status: async ({ caller }, asked) => ({
          status: 200,
          resource: await subscriptionStatus(context, caller, asked),
        }),
        events: async ({ caller }, asked) => ({
          status: 200,
          resource: await subscriptionEvents(context, caller, asked),
        }),
      },
    },
    channels: config.clients
      .filter(({ notify, subscriptions }) => notify ?? subscriptions)
      .map((client) => [subscriberId(client.id), subscriberChannel({ ...context, client, now })] as const),
    effects: [[subscriptionKind, subscriptionEffect(now)]],
  };
}
