/** When a source showed a record, derived from its runs: an unchanged record is not written again each night. */
import type { HeldRecord } from '../store/directory.ts';
import type { ReadRun, RecordChange } from '../store/directory-search.ts';

export type Seen = {
  /** Since when it is held. */
  first?: Date;
  /** When it was shown last, as far as is proven: by a change of it, or by a complete reading that did not miss it. */
  last?: Date;
};

/** Changes in which the source showed the record. */
const sightings = new Set(['changed', 'closed', 'reopened']);

/**
 * Of one row, by the runs of its source (newest first) and the changes of the record. What is closed is not looked for any
 * more: it was seen last when the source closed it. What vanished was missed by two complete readings: the one before
 * them showed it. A stub was never seen (P-4).
 */
export function seenOf(
  row: Pick<HeldRecord, 'source' | 'kind' | 'key' | 'state' | 'missed' | 'created_run' | 'changed_run'>,
  runs: readonly ReadRun[],
  changes: readonly RecordChange[],
): Seen {
  if (row.state === 'stub') return {};
  const own = runs.filter(({ source }) => source === row.source);
  const dated = new Map(own.map((run) => [run.id, run]));
  const shown = changes
    .filter(({ source, kind, key }) => source === row.source && kind === row.kind && key === row.key)
    .filter(({ op }) => sightings.has(op))
    .map(({ run }) => run);
  const readings = own.filter(({ whole }) => whole);
  const before = readings.filter(({ id }) => row.state !== 'vanished' || id < row.changed_run);
  const proof = { active: before[row.missed], vanished: before[1] }[row.state];
  const seen = [row.created_run, ...shown, ...(proof && proof.id > row.created_run ? [proof.id] : [])]
    .map((id) => dated.get(id))
    .filter((run) => run !== undefined && run.mode !== 'rollback')
    .map((run) => run!.at.getTime());
  const first = dated.get(row.created_run)?.at;
  return {
    ...(first ? { first } : {}),
    ...(seen.length > 0 ? { last: new Date(Math.max(...seen)) } : {}),
  };
}
