/** What items that are still open say of each resource: the newest word of it at a server that did not answer yet. */
import { nameOf } from '../change/states.ts';
import type { WriteEntry } from '../delivery/types.ts';
import type { OpenItem } from '../store/outbox.ts';
import type { PublishDetail, PublishState } from './effect.ts';
import { hashesLeft } from './in-doubt.ts';
import type { ResourceName } from './types.ts';

export type Queued = {
  entry: WriteEntry;
  state: PublishState;
  runId: string | null;
  /** Content hashes that attempts may have left at the server. */
  left: string[];
};

/** By name; of several items the last one counts, and what any of them may have left. */
export function queued(open: readonly OpenItem[]): Map<ResourceName, Queued> {
  const found = new Map<ResourceName, Queued>();
  for (const item of open) {
    const { states } = item.payload.detail as unknown as PublishDetail;
    for (const entry of item.payload.entries as unknown as WriteEntry[]) {
      const name = nameOf(entry);
      const state = states[name];
      if (!state) continue;
      const left = [...(found.get(name)?.left ?? []), ...hashesLeft(item, entry)];
      found.set(name, { entry, state, runId: item.runId, left });
    }
  }
  return found;
}
