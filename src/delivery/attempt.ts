import type { Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { type Category, GatewayError, isGatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import { type Addresses, addressesOf } from './addresses.ts';
import { decide, type Decision } from './decide.ts';
import { inLinkOrder } from '../change/link-order.ts';
import { keyLinks, localLinks } from '../change/links.ts';
import type { DeliveryStore } from './port.ts';
import { type Found, readBack } from './read-back.ts';
import { render, type Write } from './render.ts';
import { visibleTenants } from './shared-tenant.ts';
import { type LocalId, type Target, targetsOf } from './target.ts';
import type { ClaimedItem, Receipt, WriteEntry } from './types.ts';

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
 * How one attempt ended: everything is at the server but what the server `refused`, each for itself; or nothing more is
 * done now: somebody else moved some of it, or another gateway holds the item.
 */
export type AttemptResult =
  { receipts: TenantReceipt[]; refused: Refused[] } | { moved: Moved[] } | { lost: true };

/** What somebody else moved; `found` is what they left of it. */
export type Moved = { target: Target; found: Found | undefined };

/** What the server does not take as it is: one resource of a publication, or a circle of links. */
export type Refused = { entries: readonly WriteEntry[]; error: GatewayError };

/**
 * Sends an item once. From the second attempt on the server is read first and only what is not there is sent. What
 * no version guards is read first always: an earlier life of this gateway may have written it (a database restored
 * from yesterday), and a PUT without If-Match would set back whatever became of it. A publication that the server
 * refuses is halved until what it refuses stands alone (a circle of links as a whole): it does not hold back the others. Throws a
 * GatewayError.
 */
export async function attempt(item: ClaimedItem, parts: AttemptParts): Promise<AttemptResult> {
  const addresses = await addressesFor(item, parts);
  if (item.lane === 'publication') refuseForeign(targetsOf(item, parts.config, addresses, parts.localId));
  return attemptPart(item, parts, addresses);
}

async function attemptPart(
  item: ClaimedItem,
  parts: AttemptParts,
  addresses: Addresses,
): Promise<AttemptResult> {
  try {
    return await attemptWhole(item, parts, addresses);
  } catch (error) {
    if (item.lane !== 'publication' || !isRefusal(error)) throw error;
    const [early, late] = halves(item.entries);
    if (late.length === 0) return refusedAlone(early, error, addresses);
    const first = await attemptPart({ ...item, entries: early }, parts, addresses);
    if (!('receipts' in first)) return first;
    const second = await attemptPart({ ...item, entries: late }, parts, addresses);
    if (!('receipts' in second)) return second;
    return {
      receipts: [...first.receipts, ...second.receipts],
      refused: [...first.refused, ...second.refused],
    };
  }
}

/** Two parts of about one size, of which the first points to nothing in the second: a circle of links stays whole. */
function halves(entries: readonly WriteEntry[]): [WriteEntry[], WriteEntry[]] {
  const groups = inLinkOrder(entries);
  const early: WriteEntry[] = [];
  while (groups.length > 1 && early.length + groups[0]!.length <= Math.max(entries.length / 2, 1))
    early.push(...groups.shift()!);
  if (early.length === 0) early.push(...groups.shift()!); // longer than half, but not all: what is left follows
  return [early, groups.flat()];
}

/** One resource, or a circle of links whose parts could not stand without each other. */
function refusedAlone(
  entries: readonly WriteEntry[],
  error: GatewayError,
  addresses: Addresses,
): AttemptResult {
  for (const entry of entries) {
    // It is not there under the id that we chose: nothing may point to it (there before, a row or the adoption says so).
    const there = entry.adopts ?? (entry.recreate ? undefined : addresses.row(entry.type, entry.key));
    if (!there) addresses.forget(entry.type, entry.key);
  }
  return { receipts: [], refused: [{ entries, error }] };
}

/** Refusals that speak of the content: of what, halving tells. */
const refusals: ReadonlySet<Category> = new Set([
  ...(['invalid', 'unprocessable', 'too-large', 'ambiguous', 'not-found', 'gone'] as const),
]);

/** A server that answers something else than was asked breaks FHIR for everything: smaller parts would change nothing. */
function isRefusal(error: unknown): error is GatewayError {
  if (!isGatewayError(error) || !refusals.has(error.category)) return false;
  return !(error.category === 'invalid' && error.side === 'server');
}

async function attemptWhole(
  item: ClaimedItem,
  parts: AttemptParts,
  addresses: Addresses,
): Promise<AttemptResult> {
  const { server, config } = parts;
  const targets = targetsOf(item, config, addresses, parts.localId);
  const bodies = await bodiesOf(item, parts);
  const again = item.attempts > 1;
  const unguarded = targets.filter(
    ({ localId, version, entry }) => localId === undefined || version === undefined || entry.patch,
  );
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
  const answers = item.entries.some(({ alone }) => alone)
    ? await Promise.all(entries.map((entry) => server.writeAlone(entry)))
    : entries.length
      ? await server.transaction(entries)
      : [];
  // A conditional create that met an existing resource wrote nothing: read it and decide anew.
  if (answers.some((answer, i) => entries[i]?.ifNoneExist && !answer.status.startsWith('201')))
    throw metExisting();
  const written = new Map(writes.map((write, i) => [write.target.entry, answers[i]!]));
  for (const [{ type, key }, { localId }] of written) addresses.learn(type, key, localId);
  const receipts = decisions.flatMap((decision) => {
    if (decision.state === 'absent') return [];
    const { entry, tenant, ours } = decision.target;
    const answer = decision.state === 'there' ? readReceipt(decision.found) : written.get(entry)!;
    return { ...answer, type: entry.type, key: entry.key, tenant, ours };
  });
  return { receipts, refused: [] };
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
    bodies.set(entry, bytes ? withData(entry.body, bytes.toString('base64')) : entry.body);
  }
  return bodies;
}

/** A Binary's own data, or those of the one attachment of a DocumentReference. */
function withData(body: AnyResource, data: string): AnyResource {
  const { content } = body as { content?: [{ attachment: object }] };
  if (!content) return { ...body, data };
  const [{ attachment, ...rest }] = content;
  return { ...body, content: [{ ...rest, attachment: { ...attachment, data } }] };
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
