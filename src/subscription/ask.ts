/** What a subscriber asks for instead of waiting: how its subscriptions stand, and what it missed (every push has a pull). */
import type { Clock } from '../clock.ts';
import type { ClientConfig } from '../config.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Store } from '../store/store.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { notificationOf, statusesOf } from './notification.ts';
import { readSubscription } from './read.ts';
import { refuse, unknownSubscription } from './refuse.ts';
import { toldEvents } from './told-events.ts';

export type AskContext = {
  store: Pick<Store, 'subscriptions' | 'referrals'>;
  clients: readonly ClientConfig[];
  clock: Clock;
  /** Of our `/fhir`. */
  base: () => string;
};

/** Whose subscriptions are asked about. */
export type Asker = { client: string; tenant: string };

/** Events of one answer; whoever wants more asks from the number after the last. */
export const mostEvents = 500;
/** Event numbers are those of a 64-bit counter. */
const number = /^\d{1,19}$/;
const last = '9223372036854775807';

/**
 * `$status` of one subscription (`id`), or of the caller's own, narrowed by ids and statuses. Throws `not-found` for one
 * that is not the caller's.
 */
export async function subscriptionStatus(
  { store, clock, base }: AskContext,
  { tenant, client }: Asker,
  asked: { id?: string; ids?: readonly string[]; statuses?: readonly string[] },
): Promise<AnyResource> {
  const own = await store.subscriptions.of(tenant, client);
  if (asked.id !== undefined && !own.some(({ id }) => id === asked.id)) throw unknownSubscription();
  const ids = asked.id === undefined ? asked.ids : [asked.id];
  const among = (wanted: readonly string[] | undefined, value: string): boolean =>
    !wanted?.length || wanted.includes(value);
  const at = new Date(clock.now());
  return statusesOf(
    own
      .filter(({ id, status }) => among(ids, id) && among(asked.statuses, status))
      .map((subscription) => ({ subscription, type: 'query-status', at, base: base(), events: [] })),
  );
}

/**
 * `$events`: events from one number to another, both included (SUB-06); `content` as in the subscription unless asked
 * otherwise. Throws `not-found`, and `unprocessable` for what is no number and for full-resource.
 */
export async function subscriptionEvents(
  { store, clients, clock, base }: AskContext,
  { tenant, client: id }: Asker,
  asked: { id: string; since?: string; until?: string; content?: string },
): Promise<AnyResource> {
  const subscription = await ownOf(store, { tenant, client: id }, asked.id);
  const client = clients.find((one) => one.id === id);
  const content = asked.content ?? readSubscription(subscription.body).content;
  if (content !== 'empty' && content !== 'id-only')
    throw refuse(
      'Contenu rendu ici : empty ou id-only (la ressource se lit à son adresse).',
      'Parameters.content',
    );
  const from = numberOf(asked.since, 'eventsSinceNumber') ?? '0';
  const until = numberOf(asked.until, 'eventsUntilNumber') ?? last;
  const rows = await store.subscriptions.events(tenant, asked.id, { from, until, limit: mostEvents });
  const events = client ? await toldEvents(store, client, rows, content) : [];
  const at = new Date(clock.now());
  return notificationOf({ subscription, type: 'query-event', at, base: base(), events });
}

async function ownOf(
  { subscriptions }: AskContext['store'],
  { tenant, client }: Asker,
  id: string,
): Promise<Subscription> {
  const found = await subscriptions.get(tenant, id);
  if (found?.client !== client) throw unknownSubscription();
  return found;
}

function numberOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined || number.test(text)) return text;
  throw refuse(`${name} : un numéro d’événement, en chiffres.`, `Parameters.${name}`, 'value');
}
