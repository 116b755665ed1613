import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Emulated, emulate, nextOf } from './emulate.ts';

let emulated: Emulated;
const written: string[] = [];

beforeAll(async () => {
  emulated = await emulate({
    emulator: {
      files: 'usual',
      async writeFiles(population, folder) {
        if (folder === 'full') throw Object.assign(new Error('no'), { code: 'ENOSPC' });
        const day = population.day;
        await new Promise((resolve) => setTimeout(resolve, 20));
        written.push(`${folder} ${day} ${population.day}`);
        return [{ path: `${folder}/file.txt`, rows: 1, bytes: 2 }];
      },
    },
  });
});
afterAll(() => emulated.emulator.stop());

describe('controls', () => {
  it('tell the state: day, time, what is served, quotas, quirks', async () => {
    const { status, body } = await emulated.control('state');
    expect([status, body]).toMatchObject([
      200,
      {
        seed: 7,
        date: '2026-01-05',
        day: 0,
        now: '2026-01-05T06:00:00.000Z',
        quirks: [],
        content: { vanish: 0 },
      },
    ]);
    expect(body['served']).toMatchObject({ PractitionerRole: 300 });
    expect((await emulated.control('')).body).toMatchObject({ seed: 7 });
  });

  it('need no key and count in no quota or traffic', async () => {
    const before = emulated.emulator.traffic().requests;
    await emulated.control('state');
    expect(emulated.emulator.traffic().requests).toBe(before);
  });

  it('let days pass, tell what happened, and write the files of each day by itself', async () => {
    const { status, body } = await emulated.control('day', { days: 2 });
    expect([status, body]).toMatchObject([
      200,
      { date: '2026-01-07', day: 2, now: '2026-01-07T06:00:00.000Z' },
    ]);
    expect(body['lived']).toHaveLength(2);
    await emulated.control('files', {});
    expect(written).toEqual([
      'usual 2026-01-06 2026-01-06',
      'usual 2026-01-07 2026-01-07',
      'usual 2026-01-07 2026-01-07',
    ]);
    const { days } = (await emulated.control('journal')).body as {
      days: { date: string; told: { move: number } }[];
    };
    expect(days.map(({ date }) => date)).toEqual(['2026-01-06', '2026-01-07']);
    expect(days[0]!.told.move).toBeGreaterThanOrEqual(0);
  });

  it('set the clock forward, never back, and its speed', async () => {
    const { body } = await emulated.control('clock', { set: '2026-01-08' });
    expect(body).toMatchObject({ date: '2026-01-08', now: '2026-01-08T06:00:00.000Z' });
    expect((await emulated.control('clock', { set: '2026-01-06' })).status).toBe(400);
    expect((await emulated.control('clock', { set: 'later' })).status).toBe(400);
    expect((await emulated.control('clock', { set: '2126-01-06' })).status).toBe(400);
    expect((await emulated.control('clock', { speed: 86_400 })).body).toMatchObject({ day: 3 });
    emulated.clock.at += 1000;
    await emulated.control('files', {}); // days wait for files
    expect((await emulated.control('state')).body).toMatchObject({ day: 4, speed: 86_400 });
    await emulated.control('clock', { speed: 0 });
    emulated.clock.at += 10_000;
    expect((await emulated.control('state')).body).toMatchObject({ day: 4, speed: 0 });
  });

  it('set quirks and chances, and refuse what is none of them with the place of each fault', async () => {
    const { body } = await emulated.control('quirks', {
      quirks: [{ name: 'bad-gateway', times: 1, to: 9 }],
      content: { vanish: 0.5 },
      life: { move: 0.25 },
    });
    expect(body).toMatchObject({
      on: [{ name: 'bad-gateway', times: 1 }],
      content: { vanish: 0.5 },
      life: { move: 0.25 },
    });
    expect((await emulated.get('/Device')).status).toBe(502);
    const refused = await emulated.control('quirks', { quirks: [{ name: 'none' }], content: { vanish: 2 } });
    expect([refused.status, refused.body]).toMatchObject([400, { faults: [{ pointer: '/quirks/0/name' }] }]);
    expect(
      (await emulated.control('quirks', { quirks: [{ name: 'slow', from: 4, to: 3 }] })).body,
    ).toMatchObject({
      faults: [{ pointer: '/quirks/0/to' }],
    });
    expect((await emulated.control('quirks', { quirk: [] })).status).toBe(400);
    expect((await emulated.control('quirks')).body).toMatchObject({
      on: [{ name: 'bad-gateway' }],
      known: { slow: { ms: 2000 } },
    });
    await emulated.control('quirks', { quirks: [] });
    expect((await emulated.get('/Device')).status).toBe(200);
  });

  it('change quotas and tell what is left of them', async () => {
    expect((await emulated.control('quotas', { perSecond: 2, perMinute: 5 })).body).toEqual({
      perSecond: 2,
      perMinute: 5,
      retryAfter: false,
    });
    await emulated.get('/Device');
    expect((await emulated.control('state')).body).toMatchObject({
      quotas: { left: { perSecond: 1, perMinute: 4 } },
    });
    expect((await emulated.control('quotas', { perSecond: -1 })).status).toBe(400);
    await emulated.control('quotas', { perSecond: 'off', perMinute: 'off', retryAfter: true });
    expect((await emulated.control('quotas')).body).toEqual({ retryAfter: true });
  });

  it('change how pages are cut', async () => {
    expect((await emulated.control('pages', { max: 10, over: 'cap', mode: 'live' })).body).toEqual({
      max: 10,
      over: 'cap',
      mode: 'live',
    });
    expect(nextOf((await emulated.get('/PractitionerRole?_count=1000')).body)).toBeDefined();
    expect((await emulated.control('pages', { mode: 'odd' })).status).toBe(400);
    await emulated.control('pages', { max: 20_000, mode: 'snapshot' });
  });

  it('make events happen when the next day turns, and reload at once', async () => {
    const role = (await emulated.get('/PractitionerRole?active=true&_count=1')).body.entry![0]!.resource;
    const { system, value } = role.identifier[0]!;
    const event = { kind: 'close', type: 'PractitionerRole', identifier: `${system}|${value}` };
    expect((await emulated.control('events', { events: [event] })).body).toEqual({ waiting: 1 });
    expect((await emulated.get(`/PractitionerRole/${role.id}`)).body.active).toBe(true);
    await emulated.control('day', {});
    expect((await emulated.get(`/PractitionerRole/${role.id}`)).body.active).toBe(false);
    const { body } = await emulated.control('reload', {});
    expect(body['lived']).toMatchObject([{ reload: 1 }]);
    expect((await emulated.get(`/PractitionerRole/${role.id}`)).status).toBe(404);
    expect((await emulated.control('events', { events: [{ kind: 'explode' }] })).status).toBe(400);
  });

  it('stream what an ideal reader could know', async () => {
    const read = async (query: string) => {
      const { text } = await emulated.control(`ideal${query}`);
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const known: unknown[] = [];
    for await (const { type, key, state, digest } of emulated.emulator.ideal())
      known.push({ type, key, state, digest });
    const lines = await read('');
    expect(lines.map(({ lastSeen: _, ...line }) => line)).toEqual(known);
    expect(lines[0]!['lastSeen']).toMatch(/^2026-01-\d\d$/);
    const [first] = await read('?resources=true&complete=1,2&from=1');
    expect(first).toMatchObject({ resource: { resourceType: 'Device' } });
    expect((await emulated.control('ideal?from=x')).status).toBe(400);
  });

  it('tell what the server saw, and forget it when asked', async () => {
    await emulated.control('traffic', undefined, 'DELETE');
    await emulated.get('/Practitioner?_count=1');
    await emulated.get('/Practitioner?unknown=1');
    const { body } = await emulated.control('traffic');
    expect(body).toMatchObject({ requests: 2, byStatus: { 200: 1, 400: 1 }, elsewhere: { calls: [] } });
    expect(body['recent']).toMatchObject([
      { method: 'GET', path: '/fhir/v2/Practitioner?_count=1', status: 200, rows: 1 },
      { status: 400 },
    ]);
    expect(JSON.stringify(body)).not.toContain(emulated.emulator.key);
  });

  it('say why files could not be written', async () => {
    const { status, body } = await emulated.control('files', { folder: 'full' });
    expect([status, body['title']]).toEqual([500, 'The files could not be written (ENOSPC)']);
    expect((await emulated.control('files', { folder: 'other' })).body).toMatchObject({
      files: [{ path: 'other/file.txt' }],
    });
    expect((await emulated.control('files', { kinds: ['novel'] })).status).toBe(400);
  });

  it('live every day up to the one that is set, though the files of each are written', async () => {
    const { body: state } = await emulated.control('state');
    const set = new Date(Date.parse(`${String(state['date'])}T00:00:00Z`) + 4 * 86_400_000)
      .toISOString()
      .slice(0, 10);
    written.length = 0;
    const { body } = await emulated.control('clock', { set });
    expect([body['date'], (body['lived'] as object[]).length]).toEqual([set, 4]);
    await emulated.control('files', {});
    expect(written).toHaveLength(5);
    for (const line of written) expect(line.split(' ')[1]).toBe(line.split(' ')[2]);
  });

  it('refuse other methods, unknown controls and what is not JSON', async () => {
    expect((await emulated.control('day', undefined, 'GET')).status).toBe(405);
    expect((await emulated.control('nothing')).status).toBe(404);
    expect((await emulated.control('constructor')).status).toBe(404);
    expect((await emulated.control('day', { days: 0 })).status).toBe(400);
    const url = new URL('/_emulator/day', emulated.emulator.base);
    expect((await fetch(url, { method: 'POST', body: '{' })).status).toBe(400);
  });

  it('answer this machine alone, and no page of another site', async () => {
    const asked = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const { port } = new URL(emulated.emulator.base);
        httpRequest({ port, host: '127.0.0.1', path: '/_emulator/state', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await asked({ host: 'localhost:1' })).toBe(200);
    expect(await asked({ host: 'rebound.example' })).toBe(403);
    expect(await asked({ origin: 'https://elsewhere.example' })).toBe(403);
  });
});
