/** Where a referral goes: the performers that its order names, each with its pathway, its network and its server. */
import type { ServerConfig } from '../config.ts';
import { type BusinessKey, keyOf, splitKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import { parseKeyReference } from '../fhir/references.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { StoredProtocol } from '../store/protocols.ts';
import type { Repositories } from '../store/store.ts';
import { at, type Part, valuesOf } from './parts.ts';
import { refusal } from './refuse.ts';
import { homeServer } from './route.ts';

export type Destination = {
  protocol: StoredProtocol;
  server: ServerConfig;
  /** Keys of the performer, the most precise first: the offer, its network, the establishment that provides it. */
  keys: BusinessKey[];
  name: string;
  /** As the order to it names it, logically. */
  performer: Reference;
};

export type Where = {
  tenant: string;
  servers: readonly ServerConfig[];
  protocols: Repositories['protocols'];
};

/** The protocol that an order instantiates; undefined when it names none. Throws 422 for one that nobody offers. */
export async function protocolOf(
  order: Part,
  { tenant, protocols }: Where,
): Promise<StoredProtocol | undefined> {
  const [canonical] = valuesOf(order.resource, 'instantiatesCanonical');
  if (canonical === undefined) return undefined;
  const protocol = typeof canonical === 'string' ? await protocols.byCanonical(tenant, canonical) : undefined;
  if (!protocol) {
    const known = (await protocols.canonicals(tenant)).join(', ') || 'aucun';
    throw refusal(
      `Aucun réseau connu n’offre ce parcours. Parcours connus : ${known}.`,
      at(order, 'instantiatesCanonical'),
      'not-found',
    );
  }
  if (protocol.plan['status'] !== 'active')
    throw refusal('Ce parcours n’est pas ouvert à ce jour.', at(order, 'instantiatesCanonical'));
  return protocol;
}

/** One for each performer that the order names. Throws 422 with what is known when one, or its server, is not. */
export async function namedDestinations(
  order: Part,
  protocol: StoredProtocol | undefined,
  where: Where,
): Promise<Destination[]> {
  const performers = valuesOf(order.resource, 'performer') as Reference[];
  const keys = performers.map(({ identifier }) => keyOf(identifier));
  if (new Set(keys).size < keys.length)
    throw refusal('Chaque destinataire est nommé une fois.', at(order, 'performer'));
  return Promise.all(
    performers.map((performer, index) =>
      destinationAt(keys[index], performer, protocol, where, at(order, 'performer')),
    ),
  );
}

/**
 * The destination of a network or of one of its offers, by key. `protocol`: the one that is wanted; absent, the network's
 * only one. Throws 422 at `path` when there is none such.
 */
export async function destinationAt(
  key: BusinessKey | undefined,
  { display, identifier, type = 'HealthcareService' }: Reference,
  wanted: StoredProtocol | undefined,
  { tenant, servers, protocols }: Where,
  path: string,
): Promise<Destination> {
  const networkId = wanted?.networkId ?? networkOf(key);
  const network = `${networkSystem}|${networkId}`;
  if (key === undefined || (key !== network && !key.startsWith(`${network}/`)))
    throw refusal(
      wanted
        ? `Le destinataire est une offre du réseau « ${networkId} », désignée par son identifiant.`
        : 'Le destinataire est une offre d’un réseau, désignée par son identifiant.',
      path,
    );
  const offer = key === network ? undefined : await protocols.offer(tenant, networkId, key);
  if (key !== network && offer?.['active'] !== true)
    throw refusal(
      `Le réseau « ${networkId} » n’a pas d’offre ouverte sous cet identifiant.`,
      path,
      'not-found',
    );
  const open = wanted ? [wanted] : await protocols.active(tenant, networkId);
  const [protocol] = open;
  if (!protocol || open.length > 1)
    throw refusal(
      `Le réseau « ${networkId} » a ${open.length} parcours ouverts : nommez celui que vous demandez (instantiatesCanonical).`,
      path,
    );
  const server = homeServer(servers, [key, network]);
  if (!server)
    throw refusal(
      `Aucun serveur d’hôpital n’est configuré pour le réseau « ${networkId} ».`,
      path,
      'not-supported',
    );
  const name = display ?? textOf(offer?.['name']) ?? textOf(protocol.plan['title']) ?? networkId;
  const provider = providerOf(offer);
  const keys = [...new Set([key, network, ...(provider ? [provider] : [])])];
  const performer = { type, identifier: identifier ?? splitKey(key), ...(display ? { display } : {}) };
  return { protocol, server, keys, name, performer };
}

/** The establishment that provides an offer. */
export function providerOf(offer: AnyResource | undefined): BusinessKey | undefined {
  return parseKeyReference((offer?.['providedBy'] as Reference | undefined)?.reference ?? '')?.key;
}

function networkOf(key: BusinessKey | undefined): string {
  const { system, value } = splitKey(key ?? '|');
  return system === networkSystem ? value.split('/')[0]! : '';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
