/** A hospital that takes documents as IHE MHD submissions alone (ITI-65). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sourceIdUrl } from '../../../src/document/mhd/submission-set.ts';
import { readSubmission } from '../../../src/document/mhd/submission.ts';
import { provideBundle } from '../../../src/document/mhd/submit.ts';
import { receiveDocument } from '../../../src/document/receive.ts';
import type { AnyResource, Bundle, Json } from '../../../src/fhir/types.ts';
import type { TransactionEntry } from '../../../src/server/types.ts';
import { startStory, type Story, synthesis, tenant } from '../../referral/story.ts';
import { readyForDocument } from '../ready.ts';

let story: Story;
const sent: TransactionEntry[][] = [];
beforeAll(async () => {
  story = await startStory(undefined, true);
  await readyForDocument(story);
  const { ville } = story.servers;
  const transaction = ville.transaction.bind(ville);
  ville.transaction = (entries) => {
    sent.push([...entries]);
    return transaction(entries);
  };
});
afterAll(async () => {
  await story.close();
});

const bundleOf = (entries: readonly TransactionEntry[]): Bundle =>
  ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: entries.map(({ fullUrl, resource, method, url }) => ({
      ...{ fullUrl, resource, request: { method, url } },
    })),
  }) as unknown as Bundle;

describe('a document for a server that takes submissions', () => {
  it('goes there as one submission for the document and one for its print, each as a recipient reads it', async () => {
    const bytes = synthesis(story.documents);
    expect((await receiveDocument(story.documents, story.coreso, bytes)).status).toBe(201);
    story.hospitals.ville.setFaults(({ method, path }) =>
      method === 'POST' && path === '' ? { kind: 'reset', when: 'after' } : undefined,
    );
    await story.deliver();
    story.hospitals.ville.setFaults(undefined);
    story.clock.advance(3_600_000);
    await story.deliver();

    const submissions = sent.filter((entries) => entries.some(({ url }) => url === 'List'));
    const read = submissions.map((entries) => readSubmission(bundleOf(entries)));
    expect(read.map(({ contentType }) => contentType)).toEqual(['application/fhir+json', 'application/pdf']);
    expect(read[0]!.bytes.equals(bytes)).toBe(true);
    expect(read.map(({ types }) => types)).toEqual(read.map(() => ['List', 'Binary', 'DocumentReference']));
    for (const { bundleProfile, resource, method } of submissions.flat()) {
      expect({ bundleProfile, method }).toEqual({ bundleProfile: provideBundle.minimal, method: 'POST' });
      if (resource.resourceType === 'DocumentReference')
        expect(resource['masterIdentifier']).toMatchObject({ use: 'usual' });
      if (resource.resourceType !== 'List') continue;
      const oid = { system: 'urn:ietf:rfc:3986', value: expect.stringMatching(/^urn:oid:2\.25\.[0-9]+$/) };
      expect(resource).toMatchObject({
        extension: expect.arrayContaining([{ url: sourceIdUrl, valueIdentifier: oid }]),
        identifier: [{ use: 'usual', ...oid }],
      });
      expect(story.documents.validate(resource, []).filter(({ severity }) => severity === 'error')).toEqual(
        [],
      );
    }
  });

  it('is there once, however often an answer was lost, and the referral comes to its end', async () => {
    const lists = await story.find(story.servers.ville, 'List');
    expect(lists).toHaveLength(2);
    const ids = lists.map(({ entry }) => (entry as [{ item: { reference: string } }])[0].item.reference);
    const references = await story.find(story.servers.ville, 'DocumentReference');
    for (const id of ids) expect(references.map((one) => `DocumentReference/${one.id}`)).toContain(id);
    expect(await story.find(story.servers.vinatier, 'List')).toEqual([]);
    const [referral] = await story.context.store.referrals.list(tenant);
    const delivered = (await story.context.store.referrals.events(tenant, referral!.id)).filter(
      ({ kind, detail }) =>
        kind === 'document-delivered' && (detail as unknown as AnyResource)['server'] === 'ville',
    );
    expect(delivered).toHaveLength(2);
  });

  const replace = async (one: string, by: string): Promise<void> => {
    const remplace = { system: 'https://coreso.example/documents', value: one };
    const bytes = synthesis(story.documents, { identifiant: { ...remplace, value: by }, remplace });
    expect((await receiveDocument(story.documents, story.coreso, bytes)).status).toBe(201);
    await story.deliver();
  };

  it('becomes superseded there by an update, where the server does not say that it takes patches', async () => {
    await replace('SYNTHESE-2026-0001', 'SYNTHESE-2026-0002');
    expect(sent.flat().filter(({ method }) => method === 'PATCH')).toEqual([]);
    const references = await story.find(story.servers.ville, 'DocumentReference');
    const states = references.map(({ status }) => status).sort();
    expect(states.filter((status) => status === 'superseded')).toHaveLength(2); // the document and its print
  });

  it('becomes superseded by patches in the very submission of what replaces it, where the server takes them (MHD-06)', async () => {
    const { capability } = await story.servers.ville.probe();
    const told = { at: new Date(), ok: true, capability: capability as unknown as Json };
    await story.context.store.probes.record({ serverId: 'ville', ...told });
    const before = await story.find(story.servers.ville, 'DocumentReference', { status: 'current' });
    sent.length = 0;
    await replace('SYNTHESE-2026-0002', 'SYNTHESE-2026-0003');
    const [submission, ...others] = sent.filter((entries) => entries.some(({ url }) => url === 'List'));
    expect(submission!.map(({ method, resource }) => `${method} ${resource.resourceType}`)).toEqual([
      ...['POST List', 'POST Binary', 'POST DocumentReference', 'PATCH Parameters', 'PATCH Parameters'],
    ]);
    expect(others.flat().filter(({ method }) => method !== 'POST')).toEqual([]);
    expect(sent.flat().filter(({ method }) => method === 'PUT')).toEqual([]);
    const list = submission!.find(({ url }) => url === 'List')!.resource;
    expect(list['entry']).toHaveLength(1);
    const replaced = submission!.filter(({ method }) => method === 'PATCH').map(({ url }) => url);
    const { relatesTo } = submission!.find(({ url }) => url === 'DocumentReference')!.resource as unknown as {
      relatesTo: { code: string; target: { reference: string } }[];
    };
    expect(relatesTo).toMatchObject([{ code: 'replaces', target: { reference: replaced[0] } }]);
    for (const { id } of before.filter(({ id: one }) => replaced.includes(`DocumentReference/${one}`)))
      expect(await story.servers.ville.read('DocumentReference', id!)).toMatchObject({
        resource: { status: 'superseded', masterIdentifier: { use: 'usual' } },
      });
    const current = await story.find(story.servers.ville, 'DocumentReference', { status: 'current' });
    expect(current.map(({ id }) => `DocumentReference/${id}`)).not.toEqual(expect.arrayContaining(replaced));
    const open = await story.context.store.outbox.open(tenant, {});
    expect(open).toEqual([]);
  });
});
