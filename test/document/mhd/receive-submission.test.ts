/** ITI-65 at the gateway: a document with its metadata goes the way of every document. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveSubmission } from '../../../src/document/mhd/receive-submission.ts';
import { startStory, type Story, synthesis, tenant } from '../../referral/story.ts';
import { readyForDocument } from '../ready.ts';
import { pdf, submission } from './submit.ts';

const system = 'https://coreso.example/documents';
let story: Story;
beforeAll(async () => {
  story = await startStory();
  await readyForDocument(story);
});
afterAll(async () => {
  await story.close();
});
const send = (bundle: object, sender = story.coreso) =>
  receiveSubmission(story.documents, sender, bundle as never);
const ofPdf = (value: string, more: object = {}) =>
  submission(pdf, 'application/pdf', { system, value }, more);

describe('a submitted document', () => {
  it.each<[string, object, object]>([
    [
      'of a foreign patient',
      { subject: { identifier: { system: 'https://ch-le-vinatier.example/ipp', value: '9' } } },
      { category: 'unprocessable' },
    ],
    [
      'that replaces an unknown one',
      { relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/inconnu' } }] },
      { category: 'unprocessable', issues: [{ code: 'not-found' }] },
    ],
    ['for an unknown order', { context: {} }, { category: 'not-found' }],
    ['without author', { author: [] }, { category: 'unprocessable' }],
  ])('is refused %s, and nothing of it is kept', async (_case, more, expected) => {
    await expect(send(ofPdf('REFUS', more))).rejects.toMatchObject(expected);
    expect(await story.context.store.documents.byKey(tenant, `${system}|REFUS`)).toBeUndefined();
  });

  it('is refused when its metadata give it another identifier than its own', async () => {
    const bytes = synthesis(story.documents);
    const bundle = submission(bytes, 'application/fhir+json', { system, value: 'AUTRE' });
    await expect(send(bundle)).rejects.toThrow('autre identifiant');
  });

  it('as a PDF arrives byte for byte, with the metadata it came with, and is answered entry by entry', async () => {
    const { status, response } = await send(ofPdf('PDF-1'));
    expect(status).toBe(200);
    expect(response).toMatchObject({
      type: 'transaction-response',
      entry: [
        { response: { status: '201 Created' } },
        { response: { status: '201 Created', location: expect.stringMatching(/^DocumentReference\/./) } },
        { response: { status: '201 Created', location: expect.stringMatching(/^Binary\/./) } },
      ],
    });
    await story.deliver();
    for (const server of [story.servers.vinatier, story.servers.ville]) {
      const references = await story.find(server, 'DocumentReference');
      const told = references.find(
        ({ masterIdentifier }) => (masterIdentifier as { value?: string } | undefined)?.value === 'PDF-1',
      )!;
      const [{ attachment }] = told['content'] as [{ attachment: { url: string; title: string } }];
      expect(attachment.title).toBe('Synthèse Coreso');
      expect((await server.binary(attachment.url.replace('Binary/', ''))).bytes.equals(pdf)).toBe(true);
    }
  });

  it('sent again is answered as before, and is there once', async () => {
    const { response } = await send(ofPdf('PDF-1'));
    expect(response).toMatchObject({ entry: [{}, { response: { status: '200 OK' } }, {}] });
    const undelivered = await story.context.store.documents.byKey(tenant, `${system}|PDF-1`);
    expect(undelivered).toMatchObject({ status: 'final', size: pdf.length });
  });

  it('as FHIR may replace it, named by the DocumentReference that was answered', async () => {
    const remplace = { system, value: 'PDF-1' };
    const bytes = synthesis(story.documents, { remplace });
    const { status } = await send(
      submission(bytes, 'application/fhir+json', { system, value: 'SYNTHESE-2026-0001' }),
    );
    expect(status).toBe(200);
    await story.deliver();
    const references = await story.find(story.servers.vinatier, 'DocumentReference');
    expect(references.filter((one) => one['status'] === 'superseded')).toHaveLength(1);
  });
});
