import { describe, expect, it } from '@jest/globals';
import { keysRead } from '../../contracts/directory-source.ts';
import type { SourcePage } from '../../../src/directory/types.ts';
import { busyClock } from '../busy-clock.ts';
import { fakeApi } from './fake-api.ts';
import { openAnnuaire } from './open-annuaire.ts';
import { keysOf, population } from './population.ts';

const world = population(150);
const pageSize = 20;
const never = new AbortController().signal;

/**
 * A delta whose process dies: it was handed `handed` pages and `committed` the first of them. Pages that the API answered both
 * before and after, and what was read in all.
 */
async function killed(latencyMs: number, handed: number, committed: number) {
  const clock = busyClock();
  const api = fakeApi(world, clock, () => latencyMs);
  const source = () => openAnnuaire(api, clock, { pageSize });
  const ask = { mode: 'full', known: { has: () => false }, signal: never } as const;
  const pages: SourcePage[] = [];
  const first = source().read(ask);
  let over = false;
  while (pages.length < handed && !over) {
    const step = await clock.until(first.next());
    if (step.done) over = true;
    else pages.push(step.value);
    await clock.until(clock.sleep(5)); // what it takes to commit a page
  }
  const answered = new Set(api.requests.filter(({ at }) => at + latencyMs <= clock.now()).map(pageOf));
  await clock.until(first.return(undefined as never));
  const before = api.requests.length;
  const kept = pages.slice(0, committed);
  const resume = kept.at(-1)?.checkpoint;
  const second = source().read({ ...ask, ...(resume === undefined ? {} : { resume }) });
  for (;;) {
    const step = await clock.until(second.next());
    if (step.done) {
      const again = api.requests.slice(before).filter((one) => one.url.pathname.endsWith('_page'));
      const twice = new Set(again.map(pageOf).filter((page) => answered.has(page)));
      return { over, twice: twice.size, keys: keysRead(kept), complete: step.value.complete };
    }
    kept.push(step.value);
  }
}

const pageOf = ({ url }: { url: URL }): string => url.searchParams.get('id') ?? url.search;

describe('a reading of the API that is killed', () => {
  it.each([
    ['answers in a moment', 3, 1],
    ['answers in a tenth of a second', 100, 3],
  ])(
    'asks for as few pages again as were under way, at whatever page it dies: an API that %s (P-8)',
    async (_name, latencyMs, most) => {
      for (let handed = 1, over = false; !over; handed += 1) {
        for (const committed of [handed, handed - 1]) {
          const end = await killed(latencyMs, handed, committed);
          expect({ handed, committed, within: end.twice <= most, twice: end.twice }).toMatchObject({
            within: true,
          });
          expect(end.complete).toBe(true);
          expect(new Set(end.keys)).toEqual(new Set(keysOf(world)));
          over = end.over;
        }
      }
    },
    120_000,
  );
});
