/** Where a referral goes: the pathway it instantiates, the network that offers it, the server of that offer. */
import type { ServerConfig } from '../config.ts';
import { keyOf, type BusinessKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import { parseKeyReference } from '../fhir/references.ts';
import type { Reference } from '../fhir/types.ts';
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
};

/** Throws 422 with what is known when the pathway, the performer or its server is not. */
export async function destinationOf(
  order: Part,
  tenant: string,
  servers: readonly ServerConfig[],
  protocols: Repositories['protocols'],
): Promise<Destination> {
  const [canonical] = valuesOf(order.resource, 'instantiatesCanonical');
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
  const network = `${networkSystem}|${protocol.networkId}`;
  const [performer] = valuesOf(order.resource, 'performer') as Reference[];
  const key = keyOf(performer?.identifier);
  if (key !== network && !key?.startsWith(`${network}/`))
    throw refusal(
      `Le destinataire est une offre du réseau « ${protocol.networkId} », désignée par son identifiant.`,
      at(order, 'performer'),
    );
  const offer = key === network ? undefined : await protocols.offer(tenant, protocol.networkId, key);
  if (key !== network && offer?.['active'] !== true)
    throw refusal(
      `Le réseau « ${protocol.networkId} » n’a pas d’offre ouverte sous cet identifiant.`,
      at(order, 'performer'),
      'not-found',
    );
  const server = homeServer(servers, [key, network]);
  if (!server)
    throw refusal(
      `Aucun serveur d’hôpital n’est configuré pour le réseau « ${protocol.networkId} ».`,
      at(order, 'performer'),
      'not-supported',
    );
  const name = performer?.display ?? titleOf(protocol) ?? protocol.networkId;
  const provider = parseKeyReference((offer?.['providedBy'] as Reference | undefined)?.reference ?? '')?.key;
  const keys = [...new Set([key, network, ...(provider ? [provider] : [])])];
  return { protocol, server, keys, name };
}

function titleOf({ plan }: StoredProtocol): string | undefined {
  return typeof plan['title'] === 'string' ? plan['title'] : undefined;
}
