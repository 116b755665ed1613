/**
 * What hospitals get wrong in referrals, documents and notifications, sent over HTTP to the real rooms behind the real edge:
 * each refusal is an OperationOutcome in French that names the side and the next step, and quotes nothing of the patient.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import type { ClientConfig, Config } from '../../src/config.ts';
import type { AnyResource, Bundle, BundleEntry } from '../../src/fhir/types.ts';
import { createExchanges } from '../../src/gateway/exchange.ts';
import { createLog } from '../../src/log.ts';
import { judgedOnce } from '../../src/validation/judged-once.ts';
import { type RunningApi, startApi } from '../api/start-api.ts';
import { pdf, submission, type SubmissionBundle } from '../document/mhd/submit.ts';
import { readyForDocument } from '../document/ready.ts';
import { example, startStory, type Story, synthesis, tenant } from '../referral/story.ts';
import { testValidator } from '../validator.ts';

const password = 'secret-of-refusals';
const auth = { kind: 'basic' as const, password };
const clients: ClientConfig[] = [
  { id: 'psychiatrie', tenant, server: 'vinatier', roles: ['placer', 'reader'], auth },
  { id: 'coreso', tenant, server: 'ville', roles: ['fulfiller', 'reader'], auth },
];
/** What the example says of its patient. */
const ofThePatient = ['ESSAI-CORESO', 'Paul', '1974-12-03', '800012345'];
const system = 'https://coreso.example/documents';
const ipp = (value: string) => ({ system: 'https://ch-le-vinatier.example/ipp', value });

let story: Story;
let api: RunningApi;
beforeAll(async () => {
  story = await startStory();
  const { store, servers: serverConfigs } = story.context;
  const judged = judgedOnce(await testValidator());
  const { handlers } = createExchanges({
    config: { tenant, clients, servers: serverConfigs } as unknown as Config,
    ...{ store, validate: judged.again, clock: story.clock, ids: systemIds, log: createLog('silent') },
    servers: new Map(Object.entries(story.servers)),
    ...{ mappings: 'mappings', fonts: 'assets/fonts' },
    subscriptions: {} as never,
  });
  api = await startApi(story.database.store, {
    ...{ clients, exchange: handlers, limits: { bundleEntries: 50 } },
    validate: judged.first,
    notifications: { secrets: new Map([['ville', 'le-secret']]), hint: () => undefined },
  });
}, 120_000);
afterAll(async () => {
  await api.close();
  await story.close();
});

type Client = 'psychiatrie' | 'coreso';
type Sent = { as?: Client; method?: string; path?: string; headers?: Record<string, string> };
type Told = { status: number; issue: { text: string; diagnostics: string; at: string }[] };

async function send(
  body: unknown,
  { as = 'psychiatrie', method = 'POST', path = '', headers = {} }: Sent = {},
) {
  return fetch(`${api.url}/fhir${path}`, {
    method,
    headers: {
      ...{ 'content-type': 'application/fhir+json', ...headers },
      authorization: `Basic ${Buffer.from(`${as}:${password}`).toString('base64')}`,
    },
    body: Buffer.isBuffer(body)
      ? new Uint8Array(body)
      : typeof body === 'string'
        ? body
        : JSON.stringify(body),
  });
}

/** Reads a refusal, and holds it to what every refusal keeps to. */
async function refusal(answer: Response): Promise<Told> {
  const text = await answer.text();
  const outcome = JSON.parse(text) as {
    resourceType: string;
    issue: { severity: string; details: { text: string }; diagnostics?: string; expression?: string[] }[];
  };
  expect(outcome.resourceType).toBe('OperationOutcome');
  for (const word of ofThePatient) expect(text).not.toContain(word);
  const errors = outcome.issue.filter(({ severity }) => severity !== 'warning' && severity !== 'information');
  expect(errors.length).toBeGreaterThan(0);
  for (const { details, diagnostics } of errors) {
    expect(details.text.length).toBeGreaterThan(10);
    expect(details.text).toMatch(/[a-zàâéèêîôûç]+ [a-zàâéèêîôûç]+/i);
    expect(diagnostics).toMatch(
      /^Origine : (la demande reçue|la passerelle|le serveur de l’hôpital|l’annuaire)\. À faire : \S.+\.$/,
    );
  }
  return {
    status: answer.status,
    issue: errors.map(({ details, diagnostics, expression }) => ({
      ...{ text: details.text, diagnostics: diagnostics!, at: expression?.[0] ?? '' },
    })),
  };
}

const refused = async (body: unknown, sent: Sent = {}): Promise<Told> => refusal(await send(body, sent));
const firstOf = ({ issue }: Told) => issue[0]!;

describe('a patient, in a referral,', () => {
  const changed = (change: (patient: AnyResource) => void): AnyResource => {
    const bundle = example() as AnyResource & { entry: BundleEntry[] };
    const entry = bundle.entry.find(({ resource }) => resource?.resourceType === 'Patient')!;
    change(entry.resource as unknown as AnyResource);
    return bundle;
  };
  const ins = (value: string) => ({
    type: {
      coding: [{ system: 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203', code: 'INS-NIR' }],
    },
    ...{ system: 'urn:oid:1.2.250.1.213.1.4.10', value },
  });

  it.each<[string, (patient: AnyResource) => void, RegExp]>([
    ['without name', (patient) => void delete patient['name'], /name/],
    ['without any identifier', (patient) => void delete patient['identifier'], /identi/i],
    [
      'with two INS',
      (patient) =>
        void (patient['identifier'] = [ipp('800012345'), ins('174120100000135'), ins('174120100000232')]),
      /ins/i,
    ],
    [
      'that was merged into another',
      (patient) =>
        void (patient['link'] = [
          { type: 'replaced-by', other: { type: 'Patient', identifier: ipp('800099999') } },
        ]),
      /fusionné/,
    ],
  ])('%s is refused, at its place', async (_case, change, words) => {
    const told = await refused(changed(change));
    expect([400, 422]).toContain(told.status);
    expect(told.issue.map(({ at, text }) => `${at} ${text}`).join('\n')).toMatch(words);
  });
});

let task: AnyResource & { id: string };
let order: AnyResource & { id: string };
const put = (resource: AnyResource, as: Client = 'psychiatrie') =>
  refused(resource, { as, method: 'PUT', path: `/${resource.resourceType}/${resource.id}` });
const read = async (path: string): Promise<AnyResource> => {
  const answer = await fetch(`${api.url}/fhir/${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`psychiatrie:${password}`).toString('base64')}` },
  });
  return (await answer.json()) as AnyResource;
};
const abort = () => ({
  ...{ resourceType: 'Task', status: 'requested', intent: 'order' },
  code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'abort' }] },
  focus: { reference: `Task/${task.id}` },
});

describe('the state machine', () => {
  beforeAll(async () => {
    await readyForDocument(story);
    const [referral] = await story.context.store.referrals.list(tenant);
    task = (await read(`Task/${referral!.taskId}`)) as typeof task;
    order = (await read(`ServiceRequest/${referral!.orderId}`)) as typeof order;
  }, 120_000);

  it.each<[string, () => Promise<Told>, number, RegExp, RegExp]>([
    [
      'the placer acts in the fulfiller’s place',
      () => put({ ...task, status: 'in-progress' }),
      422,
      /ne peut pas passer de « accepted » à « in-progress »/,
      /la demande reçue/,
    ],
    [
      'what has not started is put on hold',
      () => put({ ...task, status: 'on-hold' }),
      422,
      /ne peut pas passer de « accepted » à « on-hold »/,
      /la demande reçue.*depuis : in-progress/,
    ],
    [
      'what has not started is stopped',
      () => refused(abort(), { path: '/Task' }),
      422,
      /n’a pas commencé/,
      /la demande reçue.*Annulez la demande/,
    ],
    [
      'it is closed before its end',
      () => put({ ...order, status: 'completed' }),
      422,
      /ne peut pas encore être close/,
      /la demande reçue.*Attendez la réponse/,
    ],
    [
      'what was asked is changed',
      () => put({ ...order, priority: 'stat' }),
      422,
      /Seul le statut d’une demande placée peut changer/,
      /la demande reçue/,
    ],
    [
      'a stale version is written',
      () =>
        refused(
          { ...task, status: 'cancelled' },
          { method: 'PUT', path: `/Task/${task.id}`, headers: { 'if-match': 'W/"99"' } },
        ),
      412,
      /relisez-la/,
      /la demande reçue.*version actuelle/,
    ],
    [
      'the stop of a referral of somebody else is asked',
      () => refused({ ...abort(), focus: { reference: 'Task/inconnue' } }, { path: '/Task' }),
      404,
      /Aucune demande que vous avez placée/,
      /la demande reçue/,
    ],
    [
      'the fulfiller cancels here, in the placer’s place',
      () => put({ ...task, status: 'cancelled' }, 'coreso'),
      403,
      /[a-z]/,
      /la demande reçue/,
    ],
  ])('refuses that %s, with the side and the next step', async (_case, act, status, words, next) => {
    const told = await act();
    expect(told.status).toBe(status);
    expect(firstOf(told).text).toMatch(words);
    expect(firstOf(told).diagnostics).toMatch(next);
  });
});

describe('a submission (ITI-65)', () => {
  const changed = (change: (bundle: SubmissionBundle) => void, bytes = pdf): SubmissionBundle => {
    const bundle = submission(bytes, 'application/pdf', { system, value: 'REFUS' });
    change(bundle);
    return bundle;
  };
  const attachment = ({ entry }: SubmissionBundle) =>
    (entry[1].resource['content'] as [{ attachment: AnyResource }])[0].attachment;

  it.each<[string, () => unknown, RegExp]>([
    ['without sourceId', () => changed(({ entry }) => delete entry[0].resource['extension']), /ihe-sourceId/],
    [
      'without uniqueId of the set',
      () => changed(({ entry }) => delete entry[0].resource['identifier']),
      /uniqueId/,
    ],
    [
      'without uniqueId of the document',
      () => changed(({ entry }) => delete entry[1].resource['masterIdentifier']),
      /identifiant unique/,
    ],
    [
      'without media type',
      () => changed((bundle) => delete attachment(bundle)['contentType']),
      /contentType/,
    ],
    [
      'of a media type nobody reads',
      () =>
        changed((bundle) => {
          attachment(bundle)['contentType'] = 'image/gif';
          bundle.entry[2].resource['contentType'] = 'image/gif';
        }),
      /Types reçus : application\/fhir\+json, application\/pdf/,
    ],
    [
      'of a wrong hash',
      () => changed((bundle) => (attachment(bundle)['hash'] = '2jmj7l5rSw0yVb/vlWAYkK/YBwk=')),
      /SHA-1/,
    ],
    [
      'with an extra entry',
      () =>
        changed(({ entry }) =>
          entry.push({
            ...entry[2],
            resource: { resourceType: 'Folder' },
          }),
        ),
      /./,
    ],
    [
      'of a foreign patient',
      () => changed(({ entry }) => (entry[1].resource['subject'] = { identifier: ipp('9') })),
      /n’est pas celui de la demande/,
    ],
    [
      'that replaces an unknown document',
      () =>
        changed(
          ({ entry }) =>
            (entry[1].resource['relatesTo'] = [
              { code: 'replaces', target: { identifier: { system, value: 'INCONNU' } } },
            ]),
        ),
      /remplacé ou complété est inconnu/,
    ],
    [
      'of a PDF that is none',
      () => changed(() => undefined, Buffer.from('GIF89a, ESSAI-CORESO')),
      /n’en est pas un/,
    ],
    ['of a PDF that was cut', () => changed(() => undefined, pdf.subarray(0, 12)), /tronqué/],
  ])('%s is refused', async (_case, bundle, words) => {
    const told = await refused(bundle(), { as: 'coreso' });
    expect([400, 403, 422]).toContain(told.status);
    expect(told.issue.map(({ text }) => text).join('\n')).toMatch(words);
    expect(await story.context.store.documents.byKey(tenant, `${system}|REFUS`)).toBeUndefined();
  });

  it('in XML is refused with 415 and what to send instead; the CapabilityStatement says JSON only (MHD-11)', async () => {
    const headers = { 'content-type': 'application/fhir+xml' };
    const told = await refused('<Bundle xmlns="http://hl7.org/fhir"><type value="transaction"/></Bundle>', {
      ...{ as: 'coreso' as const, headers },
    });
    expect(told.status).toBe(415);
    expect(firstOf(told).diagnostics).toContain('application/fhir+json');
    const capability = (await (await fetch(`${api.url}/fhir/metadata`)).json()) as { format: string[] };
    expect(capability.format.every((format) => !/xml/i.test(format))).toBe(true);
    expect(capability.format).toContain('application/fhir+json');
  });

  it('that explodes when it is unpacked is refused', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const told = await refused(gzipSync(Buffer.alloc(5_000_000, 32)), { as: 'coreso', headers });
    expect(told.status).toBe(413);
  });
});

describe('a document Bundle', () => {
  const changed = (change: (document: Bundle) => void): Bundle => {
    const document = JSON.parse(
      synthesis(story.documents, { identifiant: { system, value: 'REFUS-BUNDLE' } }).toString('utf8'),
    ) as Bundle;
    change(document);
    return document;
  };

  it.each<[string, (document: Bundle) => void, string, RegExp]>([
    [
      'without an entry that it refers to',
      ({ entry }) => void entry!.pop(),
      'Bundle',
      /ne mène à aucune entrée|entrée/,
    ],
    [
      'with an entry that nothing leads to',
      ({ entry }) =>
        void entry!.push({
          fullUrl: 'urn:uuid:6f1d0d5e-0f5b-4c9d-9a8e-000000000009',
          resource: { resourceType: 'Basic', code: { text: 'rien' } } as never,
        }),
      'Bundle.entry[5]',
      /Rien dans le document ne mène/,
    ],
    ['whose first entry is no Composition', ({ entry }) => void entry!.reverse(), 'Bundle', /Composition/],
    [
      'with two entries of one fullUrl',
      ({ entry }) => void (entry![4]!.fullUrl = entry![3]!.fullUrl!),
      'Bundle',
      /fullUrl/,
    ],
  ])('%s is refused, at its place', async (_case, change, at, words) => {
    const told = await refused(changed(change), { as: 'coreso', path: '/Bundle' });
    expect([400, 422]).toContain(told.status);
    expect(told.issue.map(({ text }) => text).join('\n')).toMatch(words);
    expect(told.issue.some((one) => one.at.startsWith(at))).toBe(true);
  });
});

describe('a notification', () => {
  it('with a forged secret is refused with the side and the next step', async () => {
    const answer = await fetch(`${api.url}/notify/ville`, {
      method: 'POST',
      headers: { authorization: 'Bearer forged' },
    });
    const told = await refusal(answer);
    expect(told.status).toBe(401);
  });
});

describe('a referral that has ended', () => {
  it('changes no more: a new one replaces it', async () => {
    const { ville } = story.servers;
    const there = (await story.find(ville, 'Task', { status: 'accepted' }))[0]!;
    const statusReason = { text: 'Hors secteur' };
    await ville.update({ ...there, status: 'rejected', statusReason } as AnyResource & { id: string });
    await story.follow();
    const told = await put({ ...task, status: 'on-hold' });
    expect(told).toMatchObject({
      status: 422,
      issue: [
        {
          text: 'La demande est terminée (rejected) : elle ne change plus.',
          diagnostics: expect.stringMatching(/^Origine : la demande reçue\. À faire : .*replaces/),
        },
      ],
    });
  });

  it('takes no document any more', async () => {
    const bundle = submission(pdf, 'application/pdf', { system, value: 'REFUS' });
    expect(firstOf(await refused(bundle, { as: 'coreso' })).text).toMatch(/pas en cours/);
  });
});
