/** Structures whose postal address the directory changed of late: network files name a commune, never a street. */
import type { Address } from 'fhir/r4.js';
import type { BusinessKey } from '../../fhir/key.ts';
import type { RecordBefore } from '../../store/directory-search.ts';
import type { FoundRecord } from '../../store/directory-search.ts';
import { longKey } from '../keys.ts';
import { resourceOf } from '../resource.ts';

/** The postal address of a record, before and now. */
export type StreetMove = { before: string; now: string };

/**
 * By key, the records whose address is another than before their first change of the time looked at. `earlier`: rows as
 * they stood before their changes, oldest first. Case, accents and punctuation are no move.
 */
export function streetMoves(
  rows: readonly FoundRecord[],
  earlier: readonly RecordBefore[],
): Map<BusinessKey, StreetMove> {
  const moves = new Map<BusinessKey, StreetMove>();
  for (const row of rows.filter(({ state }) => state === 'active')) {
    const first = earlier.find(
      ({ source, kind, key }) => source === row.source && kind === row.kind && key === row.key,
    );
    if (!first || first.before.state !== 'active' || first.before.content === null) continue;
    const [before, now] = [addressOf(first.before), addressOf(row)];
    if (before && now && plain(before) !== plain(now)) moves.set(longKey(row.key), { before, now });
  }
  return moves;
}

/** The first address with a street, on one line. */
function addressOf(row: Parameters<typeof resourceOf>[0]): string | undefined {
  const { address = [] } = resourceOf(row) as { address?: Address[] };
  const found = address.find(({ line }) => line?.some(Boolean));
  return found && [...(found.line ?? []), found.postalCode, found.city].filter(Boolean).join(' ');
}

function plain(text: string): string {
  const bare = text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return bare
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(' ');
}
