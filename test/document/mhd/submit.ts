/** ITI-65 submissions of the synthesis, as FHIR or as PDF. */
import { createHash } from 'node:crypto';
import type { AnyResource } from '../../../src/fhir/types.ts';

export const pdf = Buffer.from('%PDF-1.7\nessai\n%%EOF\n');
const ihe = 'https://profiles.ihe.net/ITI/MHD';

type Entry = { fullUrl: string; resource: AnyResource; request: { method: string; url: string } };
export type SubmissionBundle = AnyResource & {
  entry: [list: Entry, reference: Entry, binary: Entry, ...Entry[]];
};

export function submission(
  bytes: Buffer,
  contentType: string,
  masterIdentifier: { system: string; value: string },
  more: object = {},
): SubmissionBundle {
  const entry = (fullUrl: string, resource: AnyResource): Entry => ({
    ...{ fullUrl, resource, request: { method: 'POST', url: resource.resourceType } },
  });
  const [list, reference, binary] = [1, 2, 3].map(
    (n) => `urn:uuid:6f1d0d5e-0f5b-4c9d-9a8e-00000000000${n}`,
  ) as [string, string, string];
  const person = { system: 'https://rpps.esante.gouv.fr', value: '10999900029' };
  return {
    resourceType: 'Bundle',
    meta: { profile: [`${ihe}/StructureDefinition/IHE.MHD.UnContained.Comprehensive.ProvideBundle`] },
    type: 'transaction',
    entry: [
      entry(list, {
        resourceType: 'List',
        extension: [
          { url: `${ihe}/StructureDefinition/ihe-sourceId`, valueIdentifier: { value: 'urn:oid:1.2.3' } },
        ],
        identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3.4' }],
        ...{ status: 'current', mode: 'working', date: '2026-11-20T16:40:00+01:00' },
        code: { coding: [{ system: `${ihe}/CodeSystem/MHDlistTypes`, code: 'submissionset' }] },
        entry: [{ item: { reference } }],
      }),
      entry(reference, {
        resourceType: 'DocumentReference',
        ...{ masterIdentifier, status: 'current', date: '2026-11-20T16:30:00+01:00' },
        type: { coding: [{ system: 'http://loinc.org', code: '34133-9' }] },
        subject: { identifier: { system: 'https://ch-le-vinatier.example/ipp', value: '800012345' } },
        author: [{ type: 'Practitioner', identifier: person, display: 'Anne ESSAI-GENERALISTE' }],
        custodian: {
          identifier: { system: 'https://finess.esante.gouv.fr', value: '990780033' },
          display: 'Coreso',
        },
        content: [
          {
            attachment: {
              ...{ contentType, url: binary, size: bytes.length, title: 'Synthèse Coreso' },
              hash: createHash('sha1').update(bytes).digest('base64'),
            },
          },
        ],
        context: {
          period: { start: '2026-09-14', end: '2026-11-20' },
          related: [
            {
              type: 'ServiceRequest',
              identifier: { system: 'https://ch-le-vinatier.example/demandes', value: 'CORESO-2026-0001' },
            },
          ],
        },
        ...more,
      }),
      entry(binary, { resourceType: 'Binary', contentType, data: bytes.toString('base64') }),
    ],
  };
}
