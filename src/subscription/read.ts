/** A Subscription as posted, understood whole or refused whole: what is not done here is not taken silently (SUB-07). Pure. */
import type { AnyResource, Extension } from '../fhir/types.ts';
import { type Filter, readFilter } from './filter.ts';
import { readHeaders } from './headers.ts';
import { refuse } from './refuse.ts';
import { extensionUrls, type Topic, topicOf, topics } from './topics.ts';

export type Content = 'empty' | 'id-only';

/** What a client asks for; `headers` undefined: it gave none. */
export type Wanted = {
  topic: Topic;
  filters: Filter[];
  content: Content;
  endpoint: string;
  headers: string[] | undefined;
  heartbeatS: number | null;
  timeoutS: number;
  endAt: Date | null;
};

type Element = { extension?: Extension[] };
type Channel = Element & {
  type?: string;
  endpoint?: string;
  payload?: string;
  _payload?: Element;
  header?: unknown[];
};

const seconds = { heartbeat: [10, 604_800], timeout: [1, 60] } as const;
const usualTimeoutS = 15;
const mostFilters = 10;
const at = 'Subscription.channel';

/** Reads a Subscription that is valid R4. Throws `unprocessable` (422) for everything that would not be done. */
export function readSubscription(resource: AnyResource): Wanted {
  const { criteria, channel, end, _criteria } = resource as AnyResource & {
    criteria: string;
    _criteria?: Element;
    channel: Channel;
    end?: string;
  };
  requireKnown(resource as Element, 'Subscription', []);
  if (resource['modifierExtension'] !== undefined || resource['contained'] !== undefined)
    throw refuse('Un abonnement n’a ici ni extension modifiante ni ressource contenue.', 'Subscription');
  const topic = topicOf(criteria);
  if (!topic)
    throw refuse(
      `Sujet inconnu (criteria). Sujets : ${topics.map(({ canonical }) => canonical).join(', ')}.`,
      'Subscription.criteria',
    );
  return {
    ...{ topic, filters: filtersOf(_criteria, topic), content: contentOf(channel) },
    ...channelOf(channel),
    endAt: end === undefined ? null : new Date(end),
  };
}

function filtersOf(criteria: Element | undefined, topic: Topic): Filter[] {
  requireKnown(criteria, 'Subscription.criteria', [extensionUrls.filter]);
  const given = criteria?.extension ?? [];
  if (given.length > mostFilters)
    throw refuse(`Au plus ${mostFilters} filtres.`, 'Subscription.criteria.extension', 'too-costly');
  return given.flatMap(({ valueString = '' }, index) => {
    const filters = readFilter(valueString, topic);
    if (filters) return filters;
    const names = Object.keys(topic.filters).join(', ');
    throw refuse(
      `Filtre non pris en charge. Ce sujet se filtre par « ${topic.type}?nom=valeur », noms : ${names}, sans modificateur.`,
      `Subscription.criteria.extension[${index}]`,
    );
  });
}

function contentOf({ payload, _payload }: Channel): Content {
  if (payload !== 'application/fhir+json')
    throw refuse('Notifications en application/fhir+json seulement (channel.payload).', `${at}.payload`);
  requireKnown(_payload, `${at}.payload`, [extensionUrls.content]);
  const code = _payload?.extension?.[0]?.valueCode;
  if (code === 'empty' || code === 'id-only') return code;
  throw refuse(
    code === 'full-resource'
      ? 'Contenu full-resource refusé : une notification quitte notre contrôle d’accès, la ressource se lit ici avec les droits du moment. Demandez id-only.'
      : 'Contenu attendu dans channel.payload (backport-payload-content) : empty ou id-only.',
    `${at}.payload.extension`,
  );
}

function channelOf(channel: Channel): Pick<Wanted, 'endpoint' | 'headers' | 'heartbeatS' | 'timeoutS'> {
  const { heartbeat, timeout, maxCount } = extensionUrls;
  if (channel.type !== 'rest-hook') throw refuse('Seul le canal rest-hook est pris en charge.', `${at}.type`);
  if (channel.endpoint === undefined)
    throw refuse('Un rest-hook demande une adresse (channel.endpoint).', `${at}.endpoint`, 'required');
  // One event a notification: every maxCount is kept to.
  requireKnown(channel, at, [heartbeat, timeout, maxCount]);
  return {
    endpoint: channel.endpoint,
    headers: channel.header === undefined ? undefined : readHeaders(channel.header),
    heartbeatS: secondsOf(channel, heartbeat, seconds.heartbeat) ?? null,
    timeoutS: secondsOf(channel, timeout, seconds.timeout) ?? usualTimeoutS,
  };
}

function secondsOf(
  { extension = [] }: Element,
  url: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const found = extension.find((one) => one.url === url);
  if (!found) return undefined;
  const value = found.valueUnsignedInt;
  if (value !== undefined && value >= least && value <= most) return value;
  throw refuse(`Durée en secondes (valueUnsignedInt) de ${least} à ${most}.`, `${at}.extension`, 'value');
}

/** Extensions of an element, each known and there once at most (filters may repeat). */
function requireKnown(element: Element | undefined, path: string, known: readonly string[]): void {
  const urls = (element?.extension ?? []).map(({ url }) => url);
  const repeated = urls.filter(
    (url) => url !== extensionUrls.filter && urls.indexOf(url) < urls.lastIndexOf(url),
  );
  if (urls.every((url) => known.includes(url)) && repeated.length === 0) return;
  throw refuse(
    known.length
      ? `Extension non prise en charge, ou répétée. Prises en charge ici : ${known.join(', ')}.`
      : 'Extension non prise en charge ici.',
    `${path}.extension`,
  );
}
