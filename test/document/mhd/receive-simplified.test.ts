/** ITI-105 at the gateway: one DocumentReference that carries its document. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveSimplified } from '../../../src/document/mhd/receive-simplified.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';
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

/** The DocumentReference of a submission, with its bytes inside. */
function published(bytes: Buffer, contentType: string, value: string, attachment: object = {}): AnyResource {
  const [, { resource }] = submission(bytes, contentType, { system, value }).entry;
  const [content] = resource['content'] as [{ attachment: { url?: string } }];
  const { url: _url, ...told } = content.attachment;
  return {
    ...resource,
    content: [{ attachment: { ...told, data: bytes.toString('base64'), ...attachment } }],
  };
}
const send = (reference: AnyResource) => receiveSimplified(story.documents, story.coreso, reference);

describe('a document published in its own metadata', () => {
  it.each<[string, object, object]>([
    [
      'without its bytes',
      { data: undefined },
      { expression: 'DocumentReference.content[0].attachment.data' },
    ],
    ['with bytes and an address', { url: 'Binary/1' }, { code: 'not-supported' }],
    ['with another hash', { hash: 'AAAA' }, { expression: 'DocumentReference.content[0].attachment.hash' }],
    ['with another size', { size: 3 }, { expression: 'DocumentReference.content[0].attachment.size' }],
    ['that is no PDF', { data: 'cGFzIHVuIHBkZg==', size: 10, hash: undefined }, { code: 'invariant' }],
    ['of no known type', { contentType: 'text/plain' }, { code: 'not-supported' }],
    ['without a type', { contentType: undefined }, { code: 'required' }],
  ])('is refused %s, and nothing of it is kept', async (_case, attachment, issue) => {
    const refused = send(published(pdf, 'application/pdf', 'REFUS', attachment));
    await expect(refused).rejects.toMatchObject({ category: 'unprocessable', issues: [issue] });
    expect(await story.context.store.documents.byKey(tenant, `${system}|REFUS`)).toBeUndefined();
  });

  it('is refused when its metadata give it another identifier than its own', async () => {
    const reference = published(synthesis(story.documents), 'application/fhir+json', 'AUTRE');
    await expect(send(reference)).rejects.toMatchObject({
      issues: [{ expression: 'DocumentReference.masterIdentifier' }],
    });
  });

  it('arrives byte for byte, and sent again is there once', async () => {
    const reference = published(pdf, 'application/pdf', 'PDF-105');
    const received = await send(reference);
    expect(received).toMatchObject({ status: 201, resource: { resourceType: 'DocumentReference' } });
    expect(JSON.stringify(received.resource)).not.toContain(pdf.toString('base64'));
    expect(await send(reference)).toMatchObject({ status: 200, documentId: received.documentId });
    await story.deliver();
    const references = await story.find(story.servers.vinatier, 'DocumentReference');
    const [told, ...others] = references.filter(
      ({ masterIdentifier }) => (masterIdentifier as { value?: string } | undefined)?.value === 'PDF-105',
    );
    expect(others).toEqual([]);
    const [{ attachment }] = told!['content'] as [{ attachment: { url: string } }];
    const { bytes } = await story.servers.vinatier.binary(attachment.url.replace('Binary/', ''));
    expect(bytes.equals(pdf)).toBe(true);
  });
});
