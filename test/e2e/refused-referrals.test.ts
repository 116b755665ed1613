/** Referrals that a hospital gets wrong, posted over HTTP to a running gateway: a status, the place, a French reason. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { type EndToEnd, startEndToEnd } from './stage.ts';

type Entry = { fullUrl?: string; resource: AnyResource; request?: object };
type Outcome = { resourceType: string; issue: { details?: { text?: string }; expression?: string[] }[] };

let stage: EndToEnd;
beforeAll(async () => {
  stage = await startEndToEnd();
  expect(await stage.command('apply')).toMatchObject({ code: 0 });
}, 120_000);
afterAll(() => stage.close());

const entries = (): Entry[] => structuredClone(stage.cast.referral['entry']) as Entry[];
const referral = (entry: Entry[]): AnyResource => ({ ...stage.cast.referral, entry });
const changed = (type: string, change: object): AnyResource =>
  referral(
    entries().map((one) =>
      one.resource.resourceType === type ? { ...one, resource: { ...one.resource, ...change } } : one,
    ),
  );
const without = (type: string): AnyResource =>
  referral(entries().filter(({ resource }) => resource.resourceType !== type));

const post = (body: string | Buffer): Promise<Response> => stage.postRaw('psychiatrie', body);

async function refusal(body: AnyResource | string): Promise<{ status: number; texts: string }> {
  const answer = await post(typeof body === 'string' ? body : JSON.stringify(body));
  const outcome = (await answer.json()) as Outcome;
  expect(outcome.resourceType).toBe('OperationOutcome');
  const texts = outcome.issue.map(
    ({ details, expression }) => `${expression?.[0] ?? ''} ${details?.text ?? ''}`,
  );
  return { status: answer.status, texts: texts.join('\n') };
}

describe('a referral that is refused', () => {
  it('for a network nobody knows', async () => {
    const unknown = ['https://passerelle.example/fhir/PlanDefinition/inconnu'];
    const { status, texts } = await refusal(changed('ServiceRequest', { instantiatesCanonical: unknown }));
    expect(status).toBe(422);
    expect(texts).toMatch(/parcours|réseau|protocole/i);
  });

  it('without its patient', async () => {
    const { status, texts } = await refusal(without('Patient'));
    expect(status).toBe(400);
    expect(texts).toContain('absente du Bundle');
  });

  it('with codes that no list has', async () => {
    const code = {
      coding: [{ system: 'https://passerelle.example/fhir/CodeSystem/referral-reason', code: 'x' }],
    };
    const { status, texts } = await refusal(changed('ServiceRequest', { code }));
    expect(status).toBe(400);
    expect(texts).toMatch(/code/);
  });

  it('without a consent: deny by default', async () => {
    const { status, texts } = await refusal(without('Consent'));
    expect([403, 422]).toContain(status);
    expect(texts).toMatch(/consent/i);
  });

  it('when it is no JSON, has forbidden keys, or nests beyond the limit', async () => {
    expect((await refusal('{"resourceType": "Bundle", ')).status).toBe(400);
    const proto = JSON.stringify(stage.cast.referral).replace('{', '{"__proto__": {"admin": true}, ');
    expect((await refusal(proto)).status).toBe(400);
    expect((await refusal(`${'{"extension":['.repeat(100)}${']}'.repeat(100)}`)).status).toBe(400);
  });

  it('over the body limit, with 413 and the limit', async () => {
    const answer = await post(Buffer.alloc(24 * 1024 * 1024 + 1, 32));
    expect(answer.status).toBe(413);
    expect(((await answer.json()) as Outcome).issue[0]?.details?.text).toBe(
      'Corps trop grand : au plus 25165824 octets reçus.',
    );
  });

  it('leaves nothing behind', async () => {
    const { stdout } = await stage.command('referral', 'list', '--json');
    expect(JSON.parse(stdout)).toEqual([]);
  });
});

describe('a referral posted twice', () => {
  it('gets the same answer and has one effect', async () => {
    const body = JSON.stringify(stage.cast.referral);
    const [first, second] = [await post(body), await post(body)];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await second.json()).toEqual(await first.json());
    const { stdout } = await stage.command('referral', 'list', '--json');
    expect(JSON.parse(stdout)).toHaveLength(1);
  });

  it('and again with other content is a conflict', async () => {
    const { status, texts } = await refusal(changed('Condition', { code: { text: 'Autre motif' } }));
    expect(status).toBe(409);
    expect(texts).not.toContain('Autre motif');
  });
});
