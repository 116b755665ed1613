/** Where a request is addressed: the API, unversioned or as v2, the path that `next` may stray to, or the controls. */

/** Path of the API as documented. */
export const basePath = '/fhir/v2';
/** Another path under which pages can be fetched: where #201 sends its readers. */
export const strayPath = '/ws/annuaire/v2';
export const controlPath = '/_emulator';

export type Address =
  { area: 'fhir' | 'stray' | 'control'; segments: string[]; query: string } | { area: 'unknown' };

/** Characters of an address that is read. */
export const longestAddress = 16_384;

export function addressOf(url: string): Address {
  if (url.length > longestAddress) return { area: 'unknown' };
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  for (const [prefix, area] of areas) {
    if (path !== prefix && !path.startsWith(`${prefix}/`)) continue;
    try {
      const segments = path.slice(prefix.length).split('/').filter(Boolean).map(decodeURIComponent);
      return { area, segments, query };
    } catch {
      return { area: 'unknown' };
    }
  }
  return { area: 'unknown' };
}

const areas: readonly [string, 'fhir' | 'stray' | 'control'][] = [
  [basePath, 'fhir'],
  ['/fhir', 'fhir'],
  [strayPath, 'stray'],
  [controlPath, 'control'],
];
