import type { Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import { decide, type Decision } from './decide.ts';
import { keyLinks, localLinks } from '../change/links.ts';
import type { DeliveryStore } from './port.ts';
import { type Found, readBack } from './read-back.ts';
import { render, type Write } from './render.ts';
import { visibleTenants } from './shared-tenant.ts';
import { type LocalId, type Target, targetsOf } from './target.ts';
import type { ClaimedItem, Receipt } from './types.ts';

export type AttemptParts = {
  store: Pick<DeliveryStore, 'references'>;
  server: FhirServer;
  config: Pick<ServerConfig, 'id' | 'ids'>;
  ids: Ids;
  localId: LocalId;
  /** Bytes of a stored document. */
  documentBytes: (tenant: string, documentId: string) => Promise<Buffer>;
  /** Prolongs the lease; false when another gateway has the item. */
  stillHeld: () => Promise<boolean>;
};

/** A receipt with whose it is. */
export type TenantReceipt = Receipt & { tenant: string; ours: boolean };

/**
 * How one attempt ended: everything is at the server, or nothing was sent: somebody else moved some of it, or another
 * gateway holds the item.
 */
export type AttemptResult = { receipts: TenantReceipt[] } | { moved: Moved[] } | { lost: true };

/** What somebody else moved; `found` is what they left of it. */
export type Moved = { target: Target; found: Found | undefined };

/**
 * Sends an item once. From the second attempt on the server is read first and only what is not there is sent. What
 * no version guards is read first always: an earlier life of this gateway may have written it (a database restored
 * from yesterday), and a PUT without If-Match would set back whatever became of it. Throws a GatewayError.
 */
export async function attempt(item: ClaimedItem, parts: AttemptParts): Promise<AttemptResult> {
  const { server, config } = parts;
  const addresses = await addressesFor(item, parts);
  const targets = targetsOf(item, config, addresses, parts.localId);
  if (item.lane === 'publication') refuseForeign(targets);
  const bodies = await bodiesOf(item, parts);
  const again = item.attempts > 1;
  const unguarded = targets.filter(({ localId, version }) => localId === undefined || version === undefined);
  const unsure = again ? targets : unguarded;
  const found = await readBack(server, unsure, addresses);
  await learnLinked(item, found, addresses, parts);
  const decisions = targets.map((target): Decision =>
    unsure.includes(target)
      ? decide(target, bodies.get(target.entry)!, found.get(target), server.base, addresses)
      : { state: 'write', target, version: target.version },
  );
  const moved = decisions.filter((decision) => decision.state === 'moved');
  if (moved.length) return { moved };

  const writes = decisions.flatMap((decision): Write[] =>
    decision.state === 'write' ? [{ ...decision, body: bodies.get(decision.target.entry)! }] : [],
  );
  const entries = render(writes, item.lane, addresses, () => parts.ids.uuid());
  // A process that slept since it read (suspended machine, long pause) must not write what another has sent by now.
  if (entries.length && !(await parts.stillHeld())) return { lost: true };
  const answers = entries.length ? await server.transaction(entries) : [];
  // A conditional create that met an existing resource wrote nothing: read it and decide anew.
  if (answers.some((answer, i) => entries[i]?.ifNoneExist && !answer.status.startsWith('201')))
    throw metExisting();
  const written = new Map(writes.map((write, i) => [write.target.entry, answers[i]!]));
  return {
    receipts: decisions.flatMap((decision) => {
      if (decision.state === 'absent') return [];
      const { entry, tenant, ours } = decision.target;
      const answer = decision.state === 'there' ? readReceipt(decision.found) : written.get(entry)!;
      return { ...answer, type: entry.type, key: entry.key, tenant, ours };
    }),
  };
}

async function addressesFor(item: ClaimedItem, { store }: AttemptParts): Promise<Addresses> {
  const linked = item.entries.flatMap((entry) => keyLinks(entry.body).map((link) => link.key));
  const keys = new Set([...item.entries.map((entry) => entry.key), ...linked]);
  return addressesOf(
    await store.references.find(visibleTenants(item.tenant), item.serverId, [...keys]),
    item.tenant,
  );
}

/** What the resources read back point to may be known under keys that the item itself does not mention. */
async function learnLinked(
  item: ClaimedItem,
  found: Map<Target, Found>,
  addresses: Addresses,
  { store, server }: AttemptParts,
): Promise<void> {
  const links = [...found.values()].flatMap(({ resource }) => localLinks(resource, server.base));
  const unknown = links.filter(({ type, id }) => addresses.keyOf(type, id) === undefined).map(({ id }) => id);
  const rows = await store.references.byLocalIds(visibleTenants(item.tenant), item.serverId, unknown);
  for (const row of rows) addresses.learn(row.type, row.key, row.localId);
}

async function bodiesOf(item: ClaimedItem, parts: AttemptParts): Promise<Map<Target['entry'], AnyResource>> {
  const bodies = new Map<Target['entry'], AnyResource>();
  for (const entry of item.entries) {
    const bytes = entry.documentId && (await parts.documentBytes(item.tenant, entry.documentId));
    bodies.set(entry, bytes ? { ...entry.body, data: bytes.toString('base64') } : entry.body);
  }
  return bodies;
}

function readReceipt({ resource, localId, versionId }: Found): Omit<Receipt, 'key' | 'type'> {
  return { localId, versionId, lastUpdated: resource.meta?.lastUpdated, status: '200 Read back' };
}

/** What a hospital had before us is pointed to, never written (identity.md, "reference-only"). */
function refuseForeign(targets: readonly Target[]): void {
  if (targets.every((target) => target.ours)) return;
  throw new GatewayError({
    category: 'forbidden',
    side: 'gateway',
    message: 'Cette ressource appartient à l’hôpital : la passerelle y fait référence et ne l’écrit jamais.',
  });
}

function metExisting(): GatewayError {
  return new GatewayError({
    category: 'conflict',
    side: 'server',
    message:
      'Une ressource du même identifiant est apparue entre-temps : elle est relue avant tout nouvel envoi.',
  });
}
