/** What an ITI-65 submission must be: every violation is told with its place. */
import { describe, expect, it } from '@jest/globals';
import { readSubmission } from '../../../src/document/mhd/submission.ts';
import type { GatewayError } from '../../../src/fhir/error.ts';
import type { Bundle } from '../../../src/fhir/types.ts';
import { pdf, submission, type SubmissionBundle } from './submit.ts';

const identifier = { system: 'https://coreso.example/documents', value: 'S-1' };
const sent = (): SubmissionBundle => submission(pdf, 'application/pdf', identifier);
const attachmentOf = ({ entry }: SubmissionBundle): Record<string, unknown> =>
  (entry[1].resource['content'] as [{ attachment: Record<string, unknown> }])[0].attachment;

function faults(change: (bundle: SubmissionBundle) => void): { at: string | undefined; message: string }[] {
  const bundle = sent();
  change(bundle);
  try {
    readSubmission(bundle as unknown as Bundle);
    return [];
  } catch (error) {
    const { category, side, issues } = error as GatewayError;
    expect({ category, side }).toEqual({ category: 'unprocessable', side: 'sender' });
    return issues.map(({ expression, message }) => ({ at: expression, message }));
  }
}

describe('an ITI-65 submission', () => {
  it('gives the very bytes it carries', () => {
    expect(readSubmission(sent() as unknown as Bundle)).toMatchObject({
      ...{ contentType: 'application/pdf', types: ['List', 'DocumentReference', 'Binary'] },
      bytes: pdf,
    });
  });

  it.each<[string, (bundle: SubmissionBundle) => void, string, string]>([
    [
      'without sourceId',
      ({ entry }) => delete entry[0].resource['extension'],
      'Bundle.entry[0].resource.extension',
      'sourceId',
    ],
    [
      'without uniqueId of the set',
      ({ entry }) => delete entry[0].resource['identifier'],
      'Bundle.entry[0].resource.identifier',
      'uniqueId',
    ],
    [
      'without uniqueId of the document',
      ({ entry }) => delete entry[1].resource['masterIdentifier'],
      'Bundle.entry[1].resource.masterIdentifier',
      'identifiant',
    ],
    [
      'without media type',
      (bundle) => delete attachmentOf(bundle)['contentType'],
      'Bundle.entry[1].resource.content[0].attachment.contentType',
      'type',
    ],
    [
      'of a wrong hash',
      (bundle) => (attachmentOf(bundle)['hash'] = '2jmj7l5rSw0yVb/vlWAYkK/YBwk='),
      'Bundle.entry[1].resource.content[0].attachment.hash',
      'empreinte',
    ],
    [
      'of a wrong size',
      (bundle) => (attachmentOf(bundle)['size'] = 1),
      'Bundle.entry[1].resource.content[0].attachment.size',
      'taille',
    ],
    [
      'whose address leads elsewhere',
      (bundle) => (attachmentOf(bundle)['url'] = 'urn:uuid:9'),
      'Bundle.entry[1].resource.content[0].attachment.url',
      'fullUrl',
    ],
    [
      'with data in the metadata',
      (bundle) => (attachmentOf(bundle)['data'] = 'eA=='),
      'Bundle.entry[1].resource.content[0].attachment.data',
      'Binary',
    ],
    [
      'of another media type than its Binary',
      ({ entry }) => (entry[2].resource['contentType'] = 'text/plain'),
      'Bundle.entry[2].resource.contentType',
      'type',
    ],
    [
      'of no base64',
      ({ entry }) => (entry[2].resource['data'] = 'é'),
      'Bundle.entry[2].resource.data',
      'base64',
    ],
    [
      'of a superseded document',
      ({ entry }) => (entry[1].resource['status'] = 'superseded'),
      'Bundle.entry[1].resource.status',
      'current',
    ],
    [
      'with an extra entry',
      ({ entry }) => entry.push({ ...entry[2], resource: { resourceType: 'Observation' } }),
      'Bundle.entry[3].resource',
      'ne contient que',
    ],
    [
      'with a FHIR document as entry',
      ({ entry }) => entry.push({ ...entry[2], resource: { resourceType: 'Bundle' } }),
      'Bundle.entry[3].resource',
      'FHIRDocumentNotSupported',
    ],
    [
      'with a folder',
      ({ entry }) => entry.push({ ...entry[0], resource: { resourceType: 'List' } }),
      'Bundle.entry[3].resource',
      'PartialFolderContentNotProcessed',
    ],
    [
      'with two documents',
      ({ entry }) => entry.push(entry[1]),
      'Bundle.entry',
      'exactement un DocumentReference',
    ],
    ['without submission set', ({ entry }) => void entry.shift(), 'Bundle.entry', 'submissionset'],
  ])('is refused %s', (_case, change, at, words) => {
    expect(faults((bundle) => void change(bundle))).toContainEqual({
      at,
      message: expect.stringContaining(words),
    });
  });

  it.each<[string, Buffer]>([
    ['is none', Buffer.from('GIF89a')],
    ['was cut off', pdf.subarray(0, 12)],
  ])('is refused when the PDF %s', (_case, bytes) => {
    const bundle = submission(bytes, 'application/pdf', identifier);
    expect(() => readSubmission(bundle as unknown as Bundle)).toThrow('PDF');
  });

  it('is told every fault at once', () => {
    const all = faults(({ entry }) => {
      entry[0].resource = { resourceType: 'List', code: entry[0].resource['code'] };
    });
    expect(all).toHaveLength(5);
  });
});
