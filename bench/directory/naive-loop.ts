import type { Clock } from '../../src/clock.ts';
import type { Fetch } from '../../src/directory/api/fetch.ts';
import { servedTypes } from '../../src/sandbox/annuaire/population/types.ts';

/** What one writes first: type after type, link after link, a second's wait after whatever is not 200. */
export async function naiveLoop(
  { base, key, since, forMs }: { base: string; key: string; since: string; forMs: number },
  { clock, fetch }: { clock: Clock; fetch: Fetch },
): Promise<void> {
  const end = clock.now() + forMs;
  const ask = {
    headers: { 'esante-api-key': key },
    signal: new AbortController().signal,
    mostBytes: 32_000_000,
  };
  for (const type of servedTypes) {
    let url: string | undefined = `${base}/${type}?_lastUpdated=ge${since}&_count=200`;
    while (url !== undefined && clock.now() < end) {
      const { status, body } = await fetch(url, ask);
      if (status !== 200) {
        await clock.sleep(1000);
        continue;
      }
      const { link } = JSON.parse(body.toString()) as { link?: { relation: string; url: string }[] };
      url = link?.find(({ relation }) => relation === 'next')?.url;
    }
  }
}
