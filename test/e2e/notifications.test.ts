/** A running gateway tells the placer that its referral changed: id-only, counted without gaps, tried until it is taken. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../src/demo/http.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { testValidator } from '../validator.ts';
import { type EndToEnd, password, startEndToEnd } from './stage.ts';

type Post = { authorization: string | undefined; text: string };
type Parameter = {
  name: string;
  valueString?: string;
  valueReference?: { reference: string };
  part?: Parameter[];
};

let stage: EndToEnd;
let subscriber: Server;
let taskId: string;
/** What the subscriber answers. */
let status = 200;
const posts: Post[] = [];
const taken: Post[] = [];

beforeAll(async () => {
  subscriber = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const post = { authorization: request.headers.authorization, text };
      posts.push(post);
      if (status === 200) taken.push(post);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve));
  const { port } = subscriber.address() as AddressInfo;
  const notify = `http://127.0.0.1:${port}/alertes`;
  stage = await startEndToEnd(undefined, { networks: [], homeOf: [], notify });
  expect(await stage.command('apply', '--network', 'coreso-le-vinatier')).toMatchObject({ code: 0 });
}, 400_000);
afterAll(async () => {
  await stage.close();
  subscriber.closeAllConnections();
  subscriber.close();
});

const statusOf = ({ text }: Post): Parameter[] => {
  const { entry } = JSON.parse(text) as { entry: { resource: { parameter: Parameter[] } }[] };
  return entry[0]!.resource.parameter;
};
const eventOf = (post: Post): string | undefined =>
  statusOf(post).find(({ name }) => name === 'events-since-subscription-start')?.valueString;
const count = (n: number) =>
  until(() => Promise.resolve(taken.length >= n ? taken : undefined), `${n} notifications`);

async function moveThere(change: object): Promise<void> {
  const find = async () =>
    (await stage.at('ville').all('Task')).find(({ code }) => JSON.stringify(code).includes('fulfill'));
  const task = (await until(find, 'la tâche à la ville')) as AnyResource & { id: string };
  expect((await stage.at('ville').put(`Task/${task.id}`, { ...task, ...change })).status).toBe(200);
  expect((await stage.command('schedule', 'run', 'follow')).code).toBe(0);
}

describe('the placer of a referral', () => {
  it('is told that it changed, with the id of its Task and nothing of the patient', async () => {
    const answer = await stage.as('psychiatrie').post('', stage.cast.referral);
    const entries = answer.resource['entry'] as { response: { location: string } }[];
    taskId = entries
      .map(({ response }) => response.location.split('/'))
      .find(([type]) => type === 'Task')![1]!;
    const [first] = await count(1);
    expect(first!.authorization).toBe(`Bearer ${password}`);
    const [focus] = statusOf(first!)
      .find(({ name }) => name === 'notification-event')!
      .part!.filter(({ name }) => name === 'focus');
    expect(focus?.valueReference?.reference).toBe(`${stage.address}/fhir/Task/${taskId}`);
    expect(first!.text).not.toMatch(/ESSAI-CORESO|174129910000157|Lyon|Coreso/);
    const bundle = JSON.parse(first!.text) as AnyResource;
    const { meta: _meta, ...content } = bundle;
    const validator = await testValidator();
    const errors = validator
      .validate(content as AnyResource, [])
      .filter(({ severity }) => severity === 'error');
    expect(errors.filter(({ expression }) => !expression?.includes('meta.profile'))).toEqual([]);
  }, 120_000);

  it('is told again at every change, in order and without a gap', async () => {
    await moveThere({ status: 'received' });
    await count(2);
    await moveThere({ status: 'accepted' });
    await count(3);
    expect(taken.map(eventOf)).toEqual(taken.map((_one, index) => String(index + 1)));
  }, 120_000);

  it('is told once it answers again, and the referral goes on meanwhile', async () => {
    const before = taken.length;
    status = 503;
    await moveThere({ status: 'in-progress' });
    await until(() => Promise.resolve(posts.length > before ? posts : undefined), 'un essai');
    expect((await stage.as('psychiatrie').get(`Task/${taskId}`)).resource['status']).toBe('in-progress');
    status = 200;
    await count(before + 1);
    expect(taken.map(eventOf)).toEqual(taken.map((_one, index) => String(index + 1)));
  }, 240_000);
});
