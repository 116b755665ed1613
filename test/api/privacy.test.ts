import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const fixture = new URL('../fixtures/api/referral-transaction.json', import.meta.url);
const referral = JSON.parse(await readFile(fixture, 'utf8')) as { [name: string]: Json };
/** Strings that the API has to understand; every other string of the fixture becomes a canary in turn. */
const structural = new Set(['resourceType', 'type', 'method']);

/** A copy for each string, in which that string alone is a canary. */
function* withCanaries(value: Json, canary: string): Generator<{ path: string; body: Json }> {
  for (const path of stringPaths(value, [])) {
    const body = structuredClone(value);
    let parent = body as Record<string, Json>;
    for (const step of path.slice(0, -1)) parent = parent[step] as Record<string, Json>;
    parent[path.at(-1)!] = canary;
    yield { path: path.join('.'), body };
  }
}

function* stringPaths(value: Json, path: string[]): Generator<string[]> {
  if (typeof value === 'string' && !structural.has(path.at(-1)!)) yield path;
  if (typeof value === 'object' && value !== null)
    for (const [name, child] of Object.entries(value)) yield* stringPaths(child, [...path, name]);
}

let database: TestDatabase;
let api: RunningApi;
let failing: RunningApi;

beforeAll(async () => {
  database = await freshDatabase();
  api = await startApi(database.store);
  failing = await startApi(database.store, {
    validate: () => [{ severity: 'error', code: 'invalid', message: 'Refusé.' }],
    exchange: {
      create: { Encounter: () => Promise.reject(new TypeError('cannot read Canary285069910001240')) },
    },
  });
});
afterAll(async () => {
  await api.close();
  await failing.close();
  await database.close();
});

const canary = 'Canary285069910001240';
const pattern = /canary|285069910001240/i;

async function post(
  to: RunningApi,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${to.url}/fhir${path}`, {
    method: 'POST',
    headers: { ...basic('placer'), 'Content-Type': 'application/fhir+json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return { status: answer.status, said: JSON.stringify([...answer.headers]) + (await answer.text()) };
}

async function traces(): Promise<string> {
  const audit = [
    ...(await database.store.audit.list('west', 10_000)),
    ...(await database.store.audit.list('east', 10_000)),
  ];
  const metrics = await Promise.all(
    [api, failing].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
  );
  return JSON.stringify([audit, metrics, api.logged, failing.logged]);
}

describe('patient data never comes out where it should not (S1, P-37)', () => {
  it('neither in answers nor in any trace, whichever string of a referral holds it', async () => {
    let count = 0;
    for (const { path, body } of withCanaries(referral, canary)) {
      const text = JSON.stringify(body);
      const answers = [
        await post(api, '', text),
        await post(failing, '', text),
        await post(api, '', text.slice(0, -2)),
        await post(api, '/Encounter', text),
      ];
      for (const { said } of answers) expect(`${path} ${said}`).not.toMatch(pattern);
      count += 1;
    }
    expect(count).toBeGreaterThan(30);
    expect(await traces()).not.toMatch(pattern);
  });

  it('nor when it stands in names of elements, paths, queries, headers or credentials', async () => {
    const said: string[] = [];
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${api.url}${path}`, { headers: { ...basic('reader'), ...headers } });
      said.push(await answer.text());
      return answer.status;
    };
    said.push(
      (await post(api, '', `{"resourceType":"Bundle","type":"transaction","${canary}":1,"${canary}":2}`))
        .said,
    );
    said.push((await post(api, '', gzipSync(canary), { 'Content-Encoding': 'gzip' })).said);
    said.push((await post(api, `/${canary}`, '{}')).said);
    expect(await get(`/fhir/Patient/${canary}`)).toBe(404);
    expect(await get(`/fhir/Patient/285069910001240`)).toBe(404);
    expect(await get(`/fhir/${canary}/1`)).toBe(404);
    expect(await get(`/${canary}`)).toBe(404);
    expect(await get(`/fhir/Patient?${canary}=1`, { Prefer: 'handling=strict' })).toBe(400);
    expect(await get(`/fhir/Patient?_lastUpdated=${canary}`)).toBe(400);
    expect(await get(`/fhir/Patient?name:${canary}=x`)).toBe(400);
    expect(await get(`/fhir/Patient/_history?_since=${canary}`)).toBe(400);
    expect(await get('/fhir/Patient', { Accept: canary })).toBe(406);
    expect(await get('/fhir/Patient', { Authorization: `Bearer ${canary}` })).toBe(401);
    expect(
      await get('/fhir/Patient', { Authorization: `Basic ${Buffer.from(`${canary}:x`).toString('base64')}` }),
    ).toBe(401);
    expect(await get(`/admin/v1/${canary}`)).toBe(403);
    expect(said.join()).not.toMatch(pattern);
    expect(await traces()).not.toMatch(pattern);
  });

  it('nor from a failure of ours whose message quotes it', async () => {
    const faulty = await startApi(database.store, {
      exchange: { create: { Encounter: () => Promise.reject(new TypeError(`cannot read ${canary}`)) } },
    });
    const answer = await fetch(`${faulty.url}/fhir/Encounter`, {
      method: 'POST',
      headers: { ...basic('fulfiller'), 'Content-Type': 'application/fhir+json' },
      body: '{"resourceType":"Encounter"}',
    });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toMatch(pattern);
    expect(JSON.stringify(faulty.logged)).toContain('api.fault');
    expect(JSON.stringify(faulty.logged)).not.toMatch(pattern);
    await faulty.close();
  });
});
