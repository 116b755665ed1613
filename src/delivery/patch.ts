/** Patches are sent only to servers that say they take them; others get the whole resource instead. */
import type { CapabilityStatement } from '../fhir/types.ts';
import type { Store } from '../store/store.ts';
import type { Prepare, WriteEntry } from './types.ts';

type Probes = { store: Pick<Store, 'probes'> };

/** A hook before another: where the server states no `patch` for the type, the body is written whole. */
export function patchOrUpdate({ store }: Probes, then: Prepare): Prepare {
  return async (item) => {
    const entries = await then(item);
    if (!entries.some(({ patch }) => patch)) return entries;
    const states = await patchesAt(store, item.serverId);
    return entries.map((entry) => (entry.patch && !states(entry.type) ? withoutPatch(entry) : entry));
  };
}

/** A hook before another: where the server states no `patch`, what would be patched is left to a later item. */
export function patchOrNothing({ store }: Probes, then: Prepare): Prepare {
  return async (item) => {
    const entries = await then(item);
    if (!entries.some(({ patch }) => patch)) return entries;
    const states = await patchesAt(store, item.serverId);
    return entries.filter((entry) => !entry.patch || states(entry.type));
  };
}

function withoutPatch({ patch: _patch, ...entry }: WriteEntry): WriteEntry {
  return entry;
}

/** By what the server said of itself when it was last asked; nothing known, nothing patched. */
async function patchesAt(store: Pick<Store, 'probes'>, serverId: string): Promise<(type: string) => boolean> {
  const found = (await store.probes.list()).find((one) => one.serverId === serverId);
  const { rest = [] } = (found?.capability ?? {}) as unknown as Partial<CapabilityStatement>;
  const resources = rest.flatMap(({ resource = [] }) => resource);
  return (type) =>
    resources.some(
      (one) => one.type === type && (one.interaction ?? []).some(({ code }) => code === 'patch'),
    );
}
