import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { QuirkSetting } from '../../../src/sandbox/annuaire/quirks/draws.ts';
import { createQuirks } from '../../../src/sandbox/annuaire/quirks/draws.ts';
import { quirkKinds } from '../../../src/sandbox/annuaire/quirks/names.ts';
import { type Emulated, emulate, nextOf, readAll, type Resource, rowsOf } from './emulate.ts';

let emulated: Emulated;
let whole: Resource[];
let structure: Resource;

beforeAll(async () => {
  emulated = await emulate({ population: { roles: 400 } });
  whole = await readAll(emulated, '/PractitionerRole?_count=100');
  structure = (await readAll(emulated, '/Organization?type=GEOGRAPHICAL-ENTITY'))[0]!;
});
beforeEach(() => emulated.emulator.setQuirks([]));
afterAll(() => emulated.emulator.stop());

const on = (...settings: QuirkSetting[]): void => emulated.emulator.setQuirks(settings);
const path = '/PractitionerRole?_count=50';
const first = async () => (await emulated.get(path)).body;
const idsOf = (rows: readonly Resource[]): string[] => rows.map(({ id }) => id);
const lastCall = () => emulated.emulator.traffic().recent.at(-1)!;

describe('quirks', () => {
  it('are all off by default: a whole read is complete and without repetition', async () => {
    expect(new Set(idsOf(whole)).size).toBe(whole.length);
    expect((await first()).total).toBe(whole.length);
  });

  it('draw the same for the same seed and requests, and at their rate', () => {
    const settings: QuirkSetting[] = [{ name: 'bad-gateway', rate: 0.25 }];
    const strikes = (seed: number): boolean[] => {
      const quirks = createQuirks(seed, settings);
      return Array.from(
        { length: 4000 },
        (_, n) => quirks.strikes('bad-gateway', { at: 0, type: 'Device', draw: String(n) }) !== undefined,
      );
    };
    expect(strikes(1)).toEqual(strikes(1));
    expect(strikes(1)).not.toEqual(strikes(2));
    const share = strikes(1).filter(Boolean).length / 4000;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
  });

  it('strike each n-th, so many times, in a window of time, for some types', () => {
    const at = (setting: QuirkSetting, targets: { at?: number; type?: string }[]): number[] => {
      const quirks = createQuirks(1, [setting]);
      return targets.flatMap(({ at = 0, type = 'Device' }, index) =>
        quirks.strikes('slow', { at, type, draw: String(index) }) ? [index] : [],
      );
    };
    const ten = Array.from({ length: 10 }, () => ({}));
    expect(at({ name: 'slow', every: 3 }, ten)).toEqual([2, 5, 8]);
    expect(at({ name: 'slow', times: 2 }, ten)).toEqual([0, 1]);
    expect(at({ name: 'slow', every: 2, times: 2 }, ten)).toEqual([1, 3]);
    expect(
      at(
        { name: 'slow', rate: 1, from: 5, to: 7 },
        [4, 5, 6, 7].map((one) => ({ at: one })),
      ),
    ).toEqual([1, 2]);
    expect(at({ name: 'slow', rate: 1, types: ['Device'] }, [{ type: 'Organization' }, {}])).toEqual([1]);
    expect(at({ name: 'slow', rate: 0 }, ten)).toEqual([]);
  });

  it('are counted by name in what the server saw', async () => {
    emulated.emulator.resetTraffic();
    on({ name: 'bad-gateway', times: 2 });
    for (let n = 0; n < 3; n += 1) await emulated.get('/Device');
    expect(emulated.emulator.traffic()).toMatchObject({
      byQuirk: { 'bad-gateway': 2 },
      byStatus: { 502: 2, 200: 1 },
    });
  });
});

describe('instead of an answer', () => {
  it.each([
    ['bad-gateway', 502, ''],
    ['gateway-timeout', 504, ''],
    ['outage-404', 404, '<!doctype html>'],
    ['throttle-burst', 429, '{"message":"Rate limit'],
    ['key-revoked', 403, '{"message":"Forbidden"'],
    ['html-200', 200, '<!doctype html>'],
    ['outcome-200', 200, '{"resourceType":"OperationOutcome"'],
  ] as const)('%s answers %i', async (name, status, begins) => {
    on({ name, rate: 1 });
    const reply = await emulated.get(path);
    expect([reply.status, reply.text.slice(0, begins.length), reply.text === '']).toEqual([
      status,
      begins,
      begins === '',
    ]);
    expect(lastCall()).toMatchObject({ quirk: name, status });
    on({ name, times: 1 });
    await emulated.get(path);
    expect((await emulated.get(path)).status).toBe(200); // trying again helps
  });

  it('slow answers late, hang says nothing for a while and then 504', async () => {
    const timed = async (setting: QuirkSetting) => {
      on(setting);
      const start = performance.now();
      const { status } = await emulated.get(path);
      return { status, waited: performance.now() - start >= setting.ms! - 2 };
    };
    expect(await timed({ name: 'slow', rate: 1, ms: 50 })).toEqual({ status: 200, waited: true });
    expect(lastCall().quirk).toBe('slow');
    expect(await timed({ name: 'hang', rate: 1, ms: 50 })).toEqual({ status: 504, waited: true });
  });

  it('big-page strikes pages over a size, one in four by default (P-7)', async () => {
    on({ name: 'big-page', over: 200 });
    const statuses = async (count: number): Promise<Set<number>> => {
      const found = new Set<number>();
      for (let n = 0; n < 30; n += 1) found.add((await emulated.get(`/Device?_count=${count}`)).status);
      return found;
    };
    expect(await statuses(200)).toEqual(new Set([200]));
    expect(await statuses(20_000)).toEqual(new Set([200, 502]));
  });

  it('many-ids strikes lists of ids over a length (P-7)', async () => {
    on({ name: 'many-ids' });
    const list = (n: number): string =>
      `/Practitioner?_id=${Array.from({ length: n }, (_, id) => id).join(',')}`;
    expect((await emulated.get(list(49))).status).toBe(200);
    expect((await emulated.get(list(50))).status).toBe(504);
  });

  it('redirect-elsewhere leads to another host, which notes whether the key came along', async () => {
    on({ name: 'redirect-elsewhere', rate: 1 });
    const { status, headers } = await emulated.get(path);
    const location = new URL(headers.get('location')!);
    expect(status).toBe(302);
    expect(location.origin).toBe(emulated.emulator.elsewhere().origin);
    expect(location.origin).not.toBe(new URL(emulated.emulator.base).origin);
    await fetch(location);
    await fetch(location, { headers: { 'ESANTE-API-KEY': 'secret' } });
    const calls = emulated.emulator.elsewhere().calls.slice(-2);
    expect(calls.map(({ keySent }) => keySent)).toEqual([false, true]);
    expect(JSON.stringify(calls)).not.toContain('secret');
  });
});

describe('pages', () => {
  it('empty-after-chained: nothing after the first page of a chained or structure search (P-5, #59, #165, #414)', async () => {
    on({ name: 'empty-after-chained' });
    const chained = `/PractitionerRole?organization.address-country=FR&_count=10`;
    const page = (await emulated.get(chained)).body;
    expect(rowsOf(page)).toHaveLength(10);
    const { status, body } = await emulated.get(nextOf(page)!);
    expect([status, body.entry, nextOf(body), body.total]).toEqual([200, undefined, undefined, undefined]);
    const sites = (await emulated.get(`/Organization?partof=${structure.id}`)).body;
    expect(sites.resourceType).toBe('Bundle');
    expect(await readAll(emulated, path)).toHaveLength(whole.length); // simple searches are whole
  });

  it('chained-ignores-count gives default pages to chained searches (#415)', async () => {
    on({ name: 'chained-ignores-count' });
    expect(
      rowsOf((await emulated.get('/PractitionerRole?organization.address-country=FR&_count=10')).body),
    ).toHaveLength(50);
    expect(rowsOf((await emulated.get('/PractitionerRole?_count=10')).body)).toHaveLength(10);
  });

  it('dead-next answers 200 without rows, each time the link is followed (P-5, #414)', async () => {
    on({ name: 'dead-next', rate: 1 });
    const next = nextOf(await first())!;
    for (let n = 0; n < 2; n += 1) {
      const { status, body } = await emulated.get(next);
      expect([status, body.entry, nextOf(body)]).toEqual([200, undefined, undefined]);
    }
  });

  it('missing-next stops a read short of its total', async () => {
    on({ name: 'missing-next', rate: 1 });
    const page = await first();
    expect([rowsOf(page).length, nextOf(page)]).toEqual([50, undefined]);
    expect(page.total).toBe(whole.length);
  });

  it('next-other-path leads elsewhere on the same host, where nothing is lost (P-6, #201)', async () => {
    on({ name: 'next-other-path', rate: 1 });
    expect(new URL(nextOf(await first())!).pathname).toBe('/ws/annuaire/v2/_page');
    expect(idsOf(await readAll(emulated, path))).toEqual(idsOf(whole));
    const stray = new URL('/ws/annuaire/v2/Practitioner', emulated.emulator.base);
    expect((await emulated.get(stray.href)).status).toBe(404);
  });

  it('next-other-host leads to the other host (P-6)', async () => {
    on({ name: 'next-other-host', rate: 1 });
    expect(new URL(nextOf(await first())!).origin).toBe(emulated.emulator.elsewhere().origin);
  });

  it('page-loop leads to the same page for ever', async () => {
    on({ name: 'page-loop', rate: 1 });
    const page = await first();
    const again = (await emulated.get(nextOf(page)!)).body;
    expect(idsOf(rowsOf(again))).toEqual(idsOf(rowsOf(page)));
  });

  it('page-repeated gives the rows of a page twice, and loses none', async () => {
    on({ name: 'page-repeated', rate: 1 });
    const read = idsOf(await readAll(emulated, path));
    expect(read.length).toBeGreaterThan(whole.length);
    expect([...new Set(read)].sort()).toEqual(idsOf(whole).sort());
  });

  it('page-short halves pages, and loses nothing', async () => {
    on({ name: 'page-short', rate: 1 });
    expect(rowsOf(await first())).toHaveLength(25);
    expect(idsOf(await readAll(emulated, path))).toEqual(idsOf(whole));
  });

  it('rows-dropped leaves rows out that only the total betrays', async () => {
    on({ name: 'rows-dropped', rate: 1 });
    const page = await first();
    expect([rowsOf(page).length, page.total]).toEqual([49, whole.length]);
    expect(await readAll(emulated, path)).toHaveLength(whole.length - Math.ceil(whole.length / 50));
  });

  it('changed-total tells another total on later pages; no-total none', async () => {
    on({ name: 'changed-total', rate: 1 });
    const page = await first();
    expect(page.total).toBe(whole.length);
    expect((await emulated.get(nextOf(page)!)).body.total).not.toBe(whole.length);
    on({ name: 'no-total', rate: 1 });
    expect((await emulated.get(`${path}&_total=accurate`)).body.total).toBeUndefined();
  });

  it('two-hop-include makes :iterate useless (#282)', async () => {
    const query = `/PractitionerRole?_count=100&_include=PractitionerRole:organization&_include:iterate=Organization:partof`;
    const included = async (): Promise<number> =>
      (await emulated.get(query)).body.entry!.filter(({ search }) => search.mode === 'include').length;
    const both = await included();
    on({ name: 'two-hop-include' });
    expect(await included()).toBeLessThan(both);
  });
});

describe('bytes', () => {
  it('truncated-json is cut in the middle and says so by nothing', async () => {
    on({ name: 'truncated-json', rate: 1 });
    const { status, text, headers } = await emulated.get(path);
    expect([status, Number(headers.get('content-length'))]).toEqual([200, Buffer.byteLength(text)]);
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  it.each(['wrong-content-length', 'connection-reset'] as const)('%s breaks off', async (name) => {
    on({ name, rate: 1 });
    await expect(emulated.get(path)).rejects.toThrow();
    expect(lastCall()).toMatchObject({ quirk: name, status: 200 });
  });

  it('several at once are told together', async () => {
    on(
      { name: 'slow', rate: 1, ms: 0 },
      { name: 'page-short', rate: 1 },
      { name: 'truncated-json', rate: 1 },
    );
    await emulated.get(path);
    expect(lastCall().quirk).toBe('slow+page-short+truncated-json');
  });
});

it('every quirk has a test in this file', async () => {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(import.meta.filename, 'utf8');
  expect(
    Object.keys(quirkKinds).filter((name) => !text.includes(`'${name}`) && !text.includes(`${name} `)),
  ).toEqual([]);
});
