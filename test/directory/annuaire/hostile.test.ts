import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AnnuaireOptions } from '../../../src/directory/annuaire/options.ts';
import type { ReadAsk, SourcePage } from '../../../src/directory/types.ts';
import { createLog } from '../../../src/log.ts';
import { keysRead, readAll, type Reading } from '../../contracts/directory-source.ts';
import { busyClock, type BusyClock } from '../busy-clock.ts';
import { answer, fakeApi, type FakeApi, outcome } from './fake-api.ts';
import { openAnnuaire } from './open-annuaire.ts';
import { keysOf, population } from './population.ts';
import { ticking } from './ticking.ts';

const records = population(450);
let clock: BusyClock;
let api: FakeApi;
beforeEach(() => {
  clock = busyClock();
  api = fakeApi([...records], clock);
});
const read = (ask: Partial<ReadAsk> = {}, changes: Partial<AnnuaireOptions> = {}): Promise<Reading> =>
  readAll(ticking(openAnnuaire(api, clock, changes), clock), ask);
const sum = (pages: readonly SourcePage[], name: 'retries' | 'splits' | 'waitedMs'): number =>
  pages.reduce((total, { tally }) => total + (tally[name] ?? 0), 0);
const everyKey = keysOf(records);
const whole = ({ pages, end }: Reading): void => {
  expect(end).toMatchObject({ complete: true });
  expect(keysRead(pages)).toEqual(everyKey);
};
const html = answer(200, '<html>Maintenance</html>', { 'content-type': 'text/html' });

describe('answers that say nothing', () => {
  it.each([
    ['HTML with 200', html],
    ['an OperationOutcome with 200', outcome(200)],
    [
      'JSON under another content type',
      answer(200, '{"resourceType":"Bundle"}', { 'content-type': 'text/plain' }),
    ],
    ['JSON that stops in the middle', answer(200, '{"resourceType":"Bundle","entry":[{"reso')],
    [
      'JSON that nests a thousand deep',
      answer(200, `{"resourceType":"Bundle","a":${'['.repeat(1000)}${']'.repeat(1000)}}`),
    ],
    ['500', outcome(500)],
    ['502', answer(502, '<html>')],
    ['503 with a date to come back', answer(503, '', { 'retry-after': 'Sun, 01 Nov 2026 02:00:09 GMT' })],
    ['504', answer(504)],
    ['404 in HTML, as in an outage (#161, #286)', answer(404, '<html>', { 'content-type': 'text/html' })],
    ['a broken connection', 'reset' as const],
  ])('%s, one time in four, is asked again and never taken for a page (P-9)', async (_name, bad) => {
    let n = 0;
    api.tamper = () => ((n += 1) % 4 === 0 ? bad : undefined);
    const reading = await read();
    whole(reading);
    expect(sum(reading.pages, 'retries')).toBeGreaterThan(2);
  });

  it('a storm of 502 is waited out, in the open, and costs few requests (P-9)', async () => {
    const until = clock.now() + 600_000;
    api.tamper = ({ at }) => (at > until - 599_600 && at < until ? answer(502) : undefined);
    const reading = await read();
    whole(reading);
    expect(sum(reading.pages, 'waitedMs')).toBeGreaterThan(200_000);
    expect(api.requests.filter(({ at }) => at < until).length).toBeLessThan(120);
  });

  it.each([
    ['refuses the key', answer(401), 'unauthenticated'],
    ['sends elsewhere', answer(307, '', { location: 'https://elsewhere.example/' }), 'not-supported'],
  ])('a storm that ends with an answer that %s ends the run, and leaves nobody waiting', async (_name, last, category) => {
    const calm = clock.now() + 400;
    api.tamper = ({ at }) => (at < calm ? undefined : at < calm + 20_000 ? answer(502) : last);
    await expect(read()).rejects.toMatchObject({ category });
  }); // prettier-ignore

  it('gives up after a quarter of an hour of silence, in words, and goes on from there the next time', async () => {
    const pages: SourcePage[] = [];
    const source = ticking(openAnnuaire(api, clock), clock);
    const drain = async (): Promise<void> => {
      const ask = {
        mode: 'full' as const,
        known: { has: () => false },
        signal: new AbortController().signal,
      };
      for await (const page of source.read(ask)) pages.push(page);
    };
    api.tamper = ({ at }) => (at > Date.UTC(2026, 10, 1, 2, 0, 0, 400) ? answer(503) : undefined);
    await expect(drain()).rejects.toMatchObject({
      side: 'directory',
      category: 'unavailable',
      retryable: true,
    });
    expect(pages.length).toBeGreaterThan(0);
    api.tamper = undefined;
    const rest = await read({ resume: pages.at(-1)!.checkpoint });
    expect([...keysRead(pages), ...keysRead(rest.pages)].sort()).toEqual(everyKey);
  });

  it.each([
    ['seconds', '7', 7000],
    ['a date', 'Sun, 01 Nov 2026 02:00:20 GMT', 15_000],
    ['an absurd time, bounded to ten minutes', '99999999', 600_000],
    ['nonsense', 'soon', 500],
  ])('429 with Retry-After as %s holds all requests back (P-35)', async (_name, header, least) => {
    let refusedAt: number | undefined;
    api.tamper = ({ at, page }) => {
      if (refusedAt !== undefined || page < 2) return undefined;
      refusedAt = at;
      return answer(429, '', { 'retry-after': header });
    };
    whole(await read());
    const later = api.requests.map(({ at }) => at).filter((at) => at > refusedAt! + 60);
    expect(Math.min(...later) - refusedAt!).toBeGreaterThanOrEqual(least);
    expect(Math.min(...later) - refusedAt!).toBeLessThan(least + 5000);
  });
});

it('429 to everything for a quarter of an hour, as when a plan is exhausted: the run ends, told once (P-33)', async () => {
  const warned: string[] = [];
  const log = { ...createLog('silent'), warn: (message: string) => void warned.push(message) };
  api.tamper = () => {
    if (api.requests.length > 3000) throw new RangeError('it asks without end');
    return api.requests.length > 5 ? answer(429) : undefined;
  };
  const began = clock.now();
  await expect(read({}, { log })).rejects.toMatchObject({
    ...{ side: 'directory', category: 'unavailable', retryable: true },
    message: expect.stringContaining('HTTP 429'),
  });
  expect(clock.now() - began).toBeGreaterThan(900_000);
  expect(warned).toEqual(['directory.throttled']);
}, 30_000);

describe('links that lead nowhere (P-5)', () => {
  it.each([
    [
      'empty pages with 200 (#414)',
      () => answer(200, '{"resourceType":"Bundle","type":"searchset","entry":[]}'),
    ],
    ['404', () => outcome(404)],
    ['410', () => outcome(410)],
  ])(
    '%s behind the second link of roles: everything is read all the same, by simple searches',
    async (_name, bad) => {
      api.tamper = ({ kind, page, url }) => {
        if (Number(url.searchParams.get('_count')) > 25) return answer(413); // larger pages are no way out
        return kind === 'PractitionerRole' && page === 3 && url.searchParams.has('id') ? bad() : undefined;
      };
      const reading = await read({}, { pageSize: 20 });
      whole(reading);
      expect(sum(reading.pages, 'splits')).toBeGreaterThan(0);
      expect(
        api.requests.every(({ url }) => ![...url.searchParams.keys()].some((name) => name.includes('.'))),
      ).toBe(true);
    },
  );

  it.each([
    [
      'a page that links to itself',
      (bundle: Record<string, unknown>, url: URL) => (bundle['link'] = [{ relation: 'next', url: url.href }]),
    ],
    ['a page whose link is missing', (bundle: Record<string, unknown>) => (bundle['link'] = [])],
    ['a page that lacks a row', (bundle: Record<string, unknown>) => (bundle['entry'] as unknown[]).pop()],
    [
      'a page that repeats rows',
      (bundle: Record<string, unknown>) =>
        (bundle['entry'] as unknown[]).push(...(bundle['entry'] as unknown[]).slice(0, 20)),
    ],
    [
      'a page that shrinks to half, the rest lost',
      (bundle: Record<string, unknown>) => (bundle['entry'] as unknown[]).splice(100),
    ],
    [
      'a total that changes',
      (bundle: Record<string, unknown>) => (bundle['total'] = Number(bundle['total']) + 3),
    ],
    ['no total', (bundle: Record<string, unknown>) => delete bundle['total']],
  ])('%s, each seventh time: everything is read once, and counted', async (_name, spoil) => {
    let n = 0;
    api.tamper = ({ url }, bundle) => {
      n += 1;
      if (n % 7 === 2) spoil(bundle, url);
    };
    const reading = await read();
    whole(reading);
  });

  it('a total that is never reached: not complete, and why; a delta keeps its cursor (P-10, P-11)', async () => {
    api.tamper = ({ kind }, bundle) => {
      if (kind === 'Device') bundle['total'] = Number(bundle['total']) + 1;
    };
    const full = await read();
    expect(full.end.complete).toBe(false);
    expect(full.end.incomplete).toMatch(/^Device : 15 lues, 16 annoncées/);
    const cursor = { from: '2026-10-19T00:00:00.000Z' };
    const delta = await read({ mode: 'delta', cursor });
    expect(delta.end).toMatchObject({ complete: false, cursor });
  });

  it('502 for pages of more than 100: smaller ones are asked for (P-7)', async () => {
    api.tamper = ({ url, page }) =>
      page === 1 && Number(url.searchParams.get('_count')) > 100 ? answer(502) : undefined;
    const reading = await read();
    whole(reading);
  });
});

describe('where the key goes (P-6)', () => {
  const hosts = (): Set<string> => new Set(api.requests.map(({ url }) => url.host));

  it('to the base, in its header', async () => {
    await read();
    expect(new Set(api.requests.map(({ headers }) => headers['esante-api-key']))).toEqual(
      new Set(['secret-key']),
    );
    expect(hosts()).toEqual(new Set(['annuaire.example']));
  });

  it('not to a host that a link names: the link is told and got round', async () => {
    api.tamper = ({ kind, page }, bundle) => {
      if (kind === 'Practitioner' && page === 2)
        bundle['link'] = [{ relation: 'next', url: 'https://elsewhere.example/p' }];
    };
    const reading = await read();
    whole(reading);
    expect(hosts()).toEqual(new Set(['annuaire.example']));
    expect(reading.pages.flatMap(({ issues }) => issues)).toContainEqual(
      expect.objectContaining({ rule: 'directory-origin' }),
    );
  });

  it('nor to a link with a user in it, nor by http', async () => {
    for (const url of [
      'https://annuaire.example@evil.example/p',
      'https://me@annuaire.example/p',
      'http://annuaire.example/p',
    ]) {
      api.requests.length = 0;
      api.tamper = ({ kind, page }, bundle) => {
        if (kind === 'Organization' && page === 1) bundle['link'] = [{ relation: 'next', url }];
      };
      await read();
      expect(new Set(api.requests.map(({ url: one }) => one.origin))).toEqual(
        new Set(['https://annuaire.example']),
      );
    }
  });

  it('after redirects the run ends, and the key was not sent there', async () => {
    api.tamper = () => answer(302, '', { location: 'https://elsewhere.example/fhir' });
    await expect(read()).rejects.toMatchObject({
      side: 'directory',
      category: 'not-supported',
      retryable: false,
    });
    expect(hosts()).toEqual(new Set(['annuaire.example']));
  });

  it('an error never holds it', async () => {
    for (const status of [401, 403, 302, 400]) {
      api.tamper = () => answer(status);
      const error = await read().catch((reason: unknown) => reason as Error);
      expect(`${(error as Error).message} ${(error as Error).stack}`).not.toContain('secret-key');
    }
  });
});

it('a key revoked in mid-run fails the run at once, and with a new one it goes on after the last page', async () => {
  const pages: SourcePage[] = [];
  let n = 0;
  api.tamper = () => ((n += 1) > 6 ? answer(403) : undefined);
  const ask = { mode: 'full' as const, known: { has: () => false }, signal: new AbortController().signal };
  const drain = async (): Promise<void> => {
    for await (const page of ticking(openAnnuaire(api, clock), clock).read(ask)) pages.push(page);
  };
  await expect(drain()).rejects.toMatchObject({ category: 'forbidden', retryable: false });
  const before = api.requests.length;
  expect(before).toBeLessThan(20);
  api.tamper = undefined;
  const rest = await read({ resume: pages.at(-1)!.checkpoint });
  expect([...keysRead(pages), ...keysRead(rest.pages)].sort()).toEqual(everyKey);
  expect(rest.end.complete).toBe(true);
  // the whole costs 11 pages of records, 5 totals: what was handed over is not asked for again
  expect(api.requests.length - before).toBeLessThanOrEqual(11 - pages.length + 5);
});

it('links that died over night: the search begins again, known or staged rows come again, nothing is lost', async () => {
  const { pages } = await read();
  api.forget();
  const rest = await read({ resume: pages[3]!.checkpoint });
  expect(new Set([...keysRead(pages.slice(0, 4)), ...keysRead(rest.pages)])).toEqual(new Set(everyKey));
  expect(rest.end.complete).toBe(true);
});
