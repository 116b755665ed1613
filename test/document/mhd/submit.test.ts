/** A hospital that takes documents as IHE MHD submissions alone (ITI-65). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sourceIdUrl } from '../../../src/document/mhd/submission-set.ts';
import { readSubmission } from '../../../src/document/mhd/submission.ts';
import { provideBundle } from '../../../src/document/mhd/submit.ts';
import { receiveDocument } from '../../../src/document/receive.ts';
import type { AnyResource, Bundle } from '../../../src/fhir/types.ts';
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
      expect({ bundleProfile, method }).toEqual({ bundleProfile: provideBundle, method: 'POST' });
      if (resource.resourceType === 'DocumentReference')
        expect(resource['masterIdentifier']).toMatchObject({ use: 'usual' });
      if (resource.resourceType !== 'List') continue;
      const oid = { system: 'urn:ietf:rfc:3986', value: expect.stringMatching(/^urn:oid:2\.25\.[0-9]+$/) };
      expect(resource).toMatchObject({
        extension: [{ url: sourceIdUrl, valueIdentifier: oid }],
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

  it('becomes superseded there when another one replaces it', async () => {
    const remplace = { system: 'https://coreso.example/documents', value: 'SYNTHESE-2026-0001' };
    const identifiant = { ...remplace, value: 'SYNTHESE-2026-0002' };
    const bytes = synthesis(story.documents, { identifiant, remplace });
    expect((await receiveDocument(story.documents, story.coreso, bytes)).status).toBe(201);
    await story.deliver();
    const references = await story.find(story.servers.ville, 'DocumentReference');
    const states = references.map(({ status }) => status).sort();
    expect(states.filter((status) => status === 'superseded')).toHaveLength(2); // the document and its print
  });
});
