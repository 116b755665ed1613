/** What every candidate is given, as it was accepted, with what changed since: more input, another consent. */
import type { WriteEntry } from '../delivery/types.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { logicalOnly } from './logical-only.ts';
import { partKey } from './names.ts';
import type { StoredPart } from './stored.ts';

/** `storedId`: of our own copy, where it may change after the acceptance. */
type Kept = WriteEntry & { storedId?: string };

/** Keeps the entries once; consents with the id of ours, in the order of both. */
export async function keepContent(
  tx: Repositories,
  { tenant, id }: Pick<Referral, 'tenant' | 'id'>,
  entries: readonly WriteEntry[],
  stored: readonly StoredPart[],
): Promise<void> {
  const consents = stored.filter(({ resource }) => resource.resourceType === 'Consent').map((one) => one.id);
  const kept = entries.map((entry): Kept => {
    const storedId = entry.type === 'Consent' ? consents.shift() : undefined;
    return storedId === undefined ? entry : { ...entry, storedId };
  });
  await tx.candidates.keepContent(tenant, id, kept as unknown as Json[]);
}

/** The entries as they are to be sent now; undefined for what was accepted before contents were kept. */
export async function contentNow(
  tx: Repositories,
  { tenant, id, taskId }: Referral,
): Promise<WriteEntry[] | undefined> {
  const kept = (await tx.candidates.content(tenant, id)) as unknown as Kept[] | undefined;
  if (!kept) return undefined;
  const entries: WriteEntry[] = [];
  for (const { storedId, ...entry } of kept) {
    const own =
      entry.key === partKey(id, 'task')
        ? withMoreInput(entry.body, await tx.clinical.get(tenant, 'Task', taskId))
        : storedId && changed(entry.body, await tx.clinical.get(tenant, entry.type, storedId));
    entries.push(own ? { ...entry, body: own } : entry);
  }
  return entries;
}

/** What the placer added to its Task since then. */
function withMoreInput(body: AnyResource, main: AnyResource | undefined): AnyResource {
  const before = (body['input'] ?? []) as unknown[];
  const more = ((main?.['input'] ?? []) as unknown[]).slice(before.length);
  return more.length ? { ...body, input: [...before, ...more] } : body;
}

function hasUrl(attachment: unknown): boolean {
  return (attachment as { url?: string } | undefined)?.url !== undefined;
}

/** A consent that its placer changed since then, told logically. */
function changed(body: AnyResource, now: AnyResource | undefined): AnyResource | undefined {
  if (!now || now.meta?.versionId === '1') return undefined;
  const { id: _id, meta: _meta, identifier: _identifier, text: _text, ...content } = now;
  const { resourceType, meta, identifier, patient, sourceAttachment } = body;
  return {
    ...(logicalOnly(content) as AnyResource),
    resourceType,
    ...(meta ? { meta } : {}),
    identifier,
    patient,
    // its bytes went along; ours has an address of the gateway, and takes no other one
    ...(hasUrl(content['sourceAttachment']) ? { sourceAttachment } : {}),
  };
}
