/** A hospital that takes documents as IHE MHD simplified publications alone (ITI-105). */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveDocument } from '../../../src/document/receive.ts';
import { verifyDelivery } from '../../../src/document/verify.ts';
import type { AnyResource, Json } from '../../../src/fhir/types.ts';
import type { TransactionEntry } from '../../../src/server/types.ts';
import { startStory, type Story, synthesis, tenant } from '../../referral/story.ts';
import { readyForDocument } from '../ready.ts';

type Attachment = { contentType: string; data: string; url?: string; size: number; hash: string };

let story: Story;
const alone: TransactionEntry[] = [];
const together: TransactionEntry[] = [];
beforeAll(async () => {
  story = await startStory(undefined, 'simplified');
  await readyForDocument(story);
  const { ville } = story.servers;
  const writeAlone = ville.writeAlone.bind(ville);
  const transaction = ville.transaction.bind(ville);
  ville.writeAlone = (entry) => {
    alone.push(entry);
    return writeAlone(entry);
  };
  ville.transaction = (entries) => {
    together.push(...entries);
    return transaction(entries);
  };
});
afterAll(() => story.close());

const attachmentOf = (resource: AnyResource): Attachment =>
  (resource['content'] as [{ attachment: Attachment }])[0].attachment;
const references = () => story.find(story.servers.ville, 'DocumentReference');
/** Those of this document, not the letter that came with the referral. */
const published = async () => (await references()).filter((one) => attachmentOf(one).data !== undefined);

const send = async (value: string, remplace?: string): Promise<Buffer> => {
  const system = 'https://coreso.example/documents';
  const change = {
    identifiant: { system, value },
    ...(remplace ? { remplace: { system, value: remplace } } : {}),
  };
  const bytes = synthesis(story.documents, change);
  expect((await receiveDocument(story.documents, story.coreso, bytes)).status).toBe(201);
  await story.deliver();
  return bytes;
};

describe('a document for a server that takes simplified publications', () => {
  it('goes there as one DocumentReference with its content, its hash and size of the decoded bytes; so does its print', async () => {
    story.hospitals.ville.setFaults(({ method, path }) =>
      method === 'POST' && path === 'DocumentReference' ? { kind: 'reset', when: 'after' } : undefined,
    );
    const bytes = await send('SYNTHESE-2026-0001');
    story.hospitals.ville.setFaults(undefined);
    story.clock.advance(3_600_000);
    await story.deliver();
    expect(together.filter(({ url }) => /^(Binary|List|DocumentReference)/.test(url))).toEqual([]);
    expect(new Set(alone.map(({ method, url }) => `${method} ${url}`))).toEqual(
      new Set(['POST DocumentReference']),
    );
    const there = await published();
    expect(there.map((one) => attachmentOf(one).contentType).sort()).toEqual([
      'application/fhir+json',
      'application/pdf',
    ]);
    for (const one of there) {
      const { data, url, size, hash } = attachmentOf(one);
      const decoded = Buffer.from(data, 'base64');
      expect({ url, size }).toEqual({ url: undefined, size: decoded.length });
      expect(hash).toBe(createHash('sha1').update(decoded).digest('base64'));
      expect(one['masterIdentifier']).toMatchObject({ use: 'usual' });
      expect(story.documents.validate(one, []).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    const document = there.find((one) => attachmentOf(one).contentType === 'application/fhir+json')!;
    expect(Buffer.from(attachmentOf(document).data, 'base64').equals(bytes)).toBe(true);
  });

  it('is read back there by its content, wherever the recipient keeps it', async () => {
    const [referral] = await story.context.store.referrals.list(tenant);
    const all = await story.context.store.documents.ofReferral(tenant, referral!.id);
    const record = all.find(({ status }) => status === 'final')!;
    const own = (await published()).find((one) => attachmentOf(one).contentType === 'application/fhir+json')!;
    const receipt = { type: 'DocumentReference', localId: own.id! };
    expect(await verifyDelivery(story.servers.ville, receipt, record)).toMatchObject({ same: true });
    const { data: _data, ...elsewhere } = attachmentOf(own);
    const [binary] = await story.servers.ville.transaction([
      {
        ...{ method: 'POST', url: 'Binary' },
        resource: {
          resourceType: 'Binary',
          contentType: 'application/fhir+json',
          data: Buffer.from('{}').toString('base64'),
        },
      },
    ]);
    const url = `${story.servers.ville.base}/Binary/${binary!.localId}`;
    await story.servers.ville.update({
      ...own,
      id: own.id!,
      content: [{ attachment: { ...elsewhere, url } }],
    });
    expect(await verifyDelivery(story.servers.ville, receipt, record)).toMatchObject({
      same: false,
      size: 2,
    });
    await story.servers.ville.update({ ...own, id: own.id! });
    const events = await story.context.store.referrals.events(tenant, referral!.id);
    const delivered = events.filter(
      ({ kind, detail }) => kind === 'document-delivered' && JSON.stringify(detail).includes('ville'),
    );
    expect(delivered).toHaveLength(2);
  });

  it('is replaced by relatesTo, and becomes superseded by a patch alone, its content untouched', async () => {
    const { capability } = await story.servers.ville.probe();
    const told = { at: new Date(), ok: true, capability: capability as unknown as Json };
    await story.context.store.probes.record({ serverId: 'ville', ...told });
    const before = await published();
    alone.length = 0;
    await send('SYNTHESE-2026-0002', 'SYNTHESE-2026-0001');
    expect(alone.map(({ method }) => method)).toEqual(['POST', 'POST', 'PATCH', 'PATCH']);
    const replaced = before.find((one) => attachmentOf(one).contentType === 'application/fhir+json')!;
    expect(alone[0]!.resource['relatesTo']).toMatchObject([
      { code: 'replaces', target: { reference: `DocumentReference/${replaced.id}` } },
    ]);
    const states = (await published()).map(({ status }) => status).sort();
    expect(states).toEqual(['current', 'current', 'superseded', 'superseded']);
    const [old] = (await published()).filter(({ id }) => id === replaced.id);
    expect(attachmentOf(old!)).toEqual(attachmentOf(replaced));
  });

  it('becomes superseded by an update that keeps its content, where the server takes no patch', async () => {
    const none = { resourceType: 'CapabilityStatement' } as unknown as Json;
    await story.context.store.probes.record({
      serverId: 'ville',
      at: new Date(),
      ok: true,
      capability: none,
    });
    alone.length = 0;
    await send('SYNTHESE-2026-0003', 'SYNTHESE-2026-0002');
    expect(alone.map(({ method }) => method)).toEqual(['POST', 'POST', 'PUT', 'PUT']);
    const there = await published();
    expect(there.map(({ status }) => status).sort()).toEqual([
      'current',
      'current',
      ...Array.from({ length: 4 }, () => 'superseded'),
    ]);
    expect(await story.context.store.outbox.open(tenant, {})).toEqual([]);
  });
});
