/** A run that was read is compared with what its source holds: that is its plan. */
import type { SyncCounts } from '../directory-operations.ts';
import type { AmbiguousKey } from '../store/directory-pick.ts';
import type { Quarantined } from '../store/directory-quarantine.ts';
import type { Repositories } from '../store/store.ts';
import { longKey } from './keys.ts';
import type { KnownRecords } from './known.ts';
import { noCounts } from './run-summary.ts';
import type { RecordKind } from './types.ts';

export type Compared = {
  counts: Record<string, SyncCounts>;
  ambiguous: string[];
  /** What stands under the ids of others (also among the ambiguous). */
  quarantined: readonly Quarantined[];
};

/** Held rows looked at a time. */
const chunk = 50_000;
/** Sites, their legal entity, its own: what is known from roles only can stand this deep. */
const derivedDepth = 4;

export type Reading = {
  mode: string;
  /**
   * The kinds that a full run read completely; only of these can what it did not show be missing (P-10). A kind that the
   * source does not offer any more is none of them.
   */
  proven: readonly RecordKind[];
  derived: readonly RecordKind[];
  keepsIds: boolean;
  /** Keys that the last complete reading showed twice: that one of their ids is deleted says nothing of the other. */
  unsettled: readonly AmbiguousKey[];
};

/** Gives every staged record its verdict, in one transaction. */
export async function compareRun(
  { directoryCompare }: Repositories,
  of: { run: number; source: string },
  known: KnownRecords,
  { mode, proven, derived, keepsIds, unsettled }: Reading,
): Promise<Compared> {
  const quarantine = await directoryCompare.quarantine(of, { partial: proven.length === 0, keepsIds });
  await directoryCompare.resolveRemovals(of, unsettled);
  for (let after: AmbiguousKey = { kind: '', key: '' }; ;) {
    const beside = await directoryCompare.heldBeside(of, chunk, after);
    await directoryCompare.addHeld(
      of,
      beside.filter(({ hash }) => hash.length === 16 && known.hasSeen(hash)),
    );
    if (beside.length < chunk) break;
    after = beside.at(-1)!;
  }
  const ambiguous = await directoryCompare.pick(of);
  await directoryCompare.resolveUnread(of);
  if (proven.length > 0) await directoryCompare.addMissing(of, known.unseen(), proven);
  await directoryCompare.keepUnread(of);
  await directoryCompare.addSeen(of, known.returned());
  await directoryCompare.judge(of, mode === 'delta');
  if (proven.length > 0 && derived.length > 0) {
    for (let depth = 0; depth < derivedDepth; depth += 1)
      if (!(await directoryCompare.judgeDerived(of, derived, false))) break;
    await directoryCompare.judgeDerived(of, derived, true);
  }
  const counts: Record<string, SyncCounts> = {};
  for (const { kind, verdict, count } of await directoryCompare.counts(of)) {
    if (verdict === 'seen') continue;
    counts[kind] ??= { ...noCounts };
    counts[kind][verdict === 'removed' ? 'closed' : verdict] += count;
  }
  const unclear = [...ambiguous, ...quarantine.keys].map(({ kind, key }) => `${kind} ${longKey(key)}`);
  return { counts, ambiguous: unclear, quarantined: quarantine.found };
}
