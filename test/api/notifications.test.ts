/** A hospital's server says that something changed: a hint, never a fact. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;
const hinted: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  api = await startApi(database.store, {
    notifications: { secrets: new Map([['ville', 'le-secret']]), hint: (server) => void hinted.push(server) },
  });
});
afterAll(async () => {
  await api.close();
  await database.close();
});
beforeEach(() => void hinted.splice(0));

const call = (path: string, secret: string | undefined, body?: string, method = 'POST') =>
  fetch(`${api.url}/notify/${path}`, {
    method,
    headers: {
      'content-type': 'application/fhir+json',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    ...(body === undefined ? {} : { body }),
  });

/** A Backport notification (SUB-03) with whatever counter. */
const backport = (events: string): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'history',
    entry: [
      {
        resource: {
          resourceType: 'Parameters',
          parameter: [
            { name: 'type', valueCode: 'event-notification' },
            { name: 'events-since-subscription-start', valueString: events },
          ],
        },
      },
    ],
  });

describe('a notification', () => {
  it.each<[string, string, string | undefined, string]>([
    ['a rest-hook without payload', 'ville', undefined, 'POST'],
    ['a rest-hook that puts its payload', 'ville/Task/7', '{"resourceType":"Task"}', 'PUT'],
    ['a Backport one', 'ville', backport('7'), 'POST'],
    ['a huge counter', 'ville', backport('9'.repeat(5000)), 'POST'],
    ['no JSON at all', 'ville', '\u0000{{{', 'POST'],
    ['a megabyte of anything', 'ville', 'x'.repeat(1_000_000), 'POST'],
  ])('%s is answered 200 and is one hint', async (_case, path, body, method) => {
    expect((await call(path, 'le-secret', body, method)).status).toBe(200);
    expect(hinted).toEqual(['ville']);
  });

  it('that comes twice, too late or after a gap is a hint like any other: the server is asked what is true', async () => {
    for (const counter of ['7', '7', '3', '40'])
      expect((await call('ville', 'le-secret', backport(counter))).status).toBe(200);
    expect(hinted).toEqual(['ville', 'ville', 'ville', 'ville']);
  });

  it.each<[string, string, string | undefined]>([
    ['a forged secret', 'ville', 'le-secre7'],
    ['no secret', 'ville', undefined],
    ['an empty one', 'ville', ''],
    ['a server that has none', 'vinatier', ''],
    ['a server nobody knows', '__proto__', 'undefined'],
  ])('with %s is refused, and nobody is asked anything', async (_case, path, secret) => {
    const answer = await call(path, secret, backport('1'));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    expect(hinted).toEqual([]);
  });
});
