/** An engine over a test database, and what is held as a test looks at it. */
import { sql } from 'kysely';
import { systemClock } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { type SyncAsk, synchronise } from '../../src/directory/synchronise.ts';
import type { SyncParts } from '../../src/directory/sync-parts.ts';
import type { DirectorySource } from '../../src/directory/types.ts';
import type { DirectoryRun } from '../../src/store/directory.ts';
import type { Store } from '../../src/store/store.ts';

export const open = { share: 1, freely: 1_000_000 };

export function syncParts(store: Store, rest: Partial<SyncParts> = {}): SyncParts {
  return {
    store,
    clock: systemClock,
    log: createLog('silent'),
    owner: 'test',
    brake: open,
    program: '0.0.0-test',
    ...rest,
  };
}

export function sync(
  parts: SyncParts,
  source: DirectorySource,
  ask: Partial<SyncAsk> = {},
): Promise<DirectoryRun> {
  return synchronise(parts, source, { rank: 0, actor: 'test', signal: new AbortController().signal, ...ask });
}

/** Rows as they are held, without what the synchronisation only remembers. */
export async function heldRows(store: Store, source = 'essai'): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select source, kind, key, state, form, content, practitioner, organization, part_of, remote_id, identifiers, name,
      profession, codes, commune, lat, lon, succeeds
    from directory_record where source = ${source} order by kind, key`.execute(store.db);
  return rows;
}

/** `key state` of each record, with short keys. */
export async function states(store: Store, source = 'essai'): Promise<string[]> {
  return (await heldRows(store, source)).map(({ key, state }) => `${String(key)} ${String(state)}`);
}
