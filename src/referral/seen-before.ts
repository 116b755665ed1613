/** A Task read before another look followed a later version of it: two looks at one server go on at once. */
import type { Task } from '../fhir/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Repositories } from '../store/store.ts';

/** When a Task was asked for, and when it had come. */
export type Read = { asked: Date; came: Date };

/**
 * True when the Task is to be left alone: it is older, by its server's clock, than the one that was followed last, and it
 * was asked for before that one had come. Whatever is asked for afterwards is how the Task is now, and counts even where
 * that clock went back (a server restored, or one of several that differ): the next look decides then. Otherwise keeps
 * what is seen. Versions are not compared: their order is the server's own. Hold the referral's lock.
 */
export async function seenBefore(
  tx: Repositories,
  { tenant, referralId, n, seen }: Candidate,
  { meta }: Task,
  { asked, came }: Read,
): Promise<boolean> {
  const updated = new Date(meta?.lastUpdated ?? '');
  if (Number.isNaN(updated.getTime())) return false; // nothing to tell by
  if (seen && updated < seen.updated && asked < seen.at) return true;
  if (seen?.updated.getTime() !== updated.getTime())
    await tx.candidates.setSeen(tenant, referralId, n, { updated, at: came });
  return false;
}
