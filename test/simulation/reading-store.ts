/** The part of the store that reading a directory uses, over the database in memory: runs, pages, staged records, leases. */
import type { StagedRecord } from '../../src/store/directory-lines.ts';
import type { NewPage, PageTarget } from '../../src/store/directory-page.ts';
import type { DirectoryRunChange } from '../../src/store/directory-runs.ts';
import type { DirectoryRun } from '../../src/store/directory.ts';
import type { Store } from '../../src/store/store.ts';
import type { Core } from './core.ts';
import { type Blocked, blocked, type Database, type Row, type Session } from './database.ts';
import type { Process } from './scheduler.ts';

type Statement = <T>(work: (session: Session) => T | Blocked) => Promise<T>;
type Lease = { name: string; fence: number };
export type StagedRow = { run: number; key: string };

const two = (one: number, other: number): string =>
  [one, other].map((n) => String(n).padStart(9, '0')).join('/');

/** As one process sees it; the leases are by the true time. */
export function readingStore(
  database: Database,
  caller: Process,
  trueNow: () => number,
  { GatewayError }: Pick<Core, 'GatewayError'>,
): Store {
  const alone: Statement = (work) => database.statement(caller, work);
  const refusal = (category: 'conflict' | 'unavailable'): Error =>
    new GatewayError({ category, side: 'gateway', message: category });
  const store = {
    ...repositories(alone),
    transaction: <T>(work: (tx: unknown) => Promise<T>) =>
      database.transaction(caller, ({ statement }) => work(repositories(statement))),
  };
  return store as unknown as Store;

  function repositories(statement: Statement) {
    const runs = (session: Session): DirectoryRun[] =>
      session
        .all('run')
        .map(([, row]) => row as unknown as DirectoryRun)
        .sort((a, b) => b.id - a.id);
    const pages = (session: Session, run: number): NewPage[] =>
      session
        .all('page')
        .filter(([key]) => key.startsWith(two(run, 0).slice(0, 10)))
        .map(([, row]) => row as unknown as NewPage)
        .sort((a, b) => a.seq - b.seq);
    const staged = (session: Session, run: number): [string, Row][] =>
      session.all('stage').filter(([, row]) => row['run'] === run);
    const held = (session: Session, { name, fence }: Lease): boolean =>
      session.get('lease', name)?.['fence'] === fence;

    return {
      leases: {
        acquire: (name: string, _owner: string, ttlMs: number) =>
          statement((session): number | undefined | Blocked => {
            if (session.lockedByOther('lease', name)) return blocked;
            const { fence = 0, until = 0 } = (session.get('lease', name) ?? {}) as {
              fence?: number;
              until?: number;
            };
            if (until > trueNow()) return undefined;
            session.put('lease', name, { fence: fence + 1, until: trueNow() + ttlMs });
            return fence + 1;
          }),
        renew: (name: string, fence: number, ttlMs: number) =>
          statement((session): boolean | Blocked => {
            if (session.lockedByOther('lease', name)) return blocked;
            if (!held(session, { name, fence })) return false;
            session.put('lease', name, { fence, until: trueNow() + ttlMs });
            return true;
          }),
        release: (name: string, fence: number) =>
          statement((session): void | Blocked => {
            if (session.lockedByOther('lease', name)) return blocked;
            if (held(session, { name, fence })) session.put('lease', name, { fence, until: trueNow() });
          }),
      },
      directory: {
        runs: (limit: number) => statement((session) => runs(session).slice(0, limit)),
        run: (id: number) => statement((session) => runs(session).find((one) => one.id === id)),
      },
      directoryRuns: {
        holds: (lease: Lease) => statement((session) => held(session, lease)),
        partition: () => Promise.resolve('attached'),
        begin: (run: Omit<DirectoryRun, 'id'>) =>
          statement((session) => {
            const id = session.nextId();
            session.put('run', String(id), { ...run, id, status: 'reading' });
            return id;
          }),
        change: (id: number, { summary = {}, ...change }: DirectoryRunChange) =>
          statement((session): void | Blocked => {
            if (session.lockedByOther('run', String(id))) return blocked;
            const run = session.get('run', String(id))!;
            session.put('run', String(id), {
              ...run,
              ...change,
              summary: { ...(run['summary'] as object), ...summary },
            });
          }),
        discard: ({ id }: { id: number }) =>
          statement((session) => {
            for (const [key] of staged(session, id)) session.put('stage', key, { run: 0 });
          }),
        lastPage: (run: number) => statement((session) => pages(session, run).at(-1)),
        async *seen(run: number) {
          for (const { seen } of await statement((session) => pages(session, run))) yield seen;
        },
        endReading: (run: number, count: number) =>
          statement((session): void => {
            if ((pages(session, run).at(-1)?.seq ?? -1) + 1 !== count) throw refusal('unavailable');
          }),
      },
      directoryBulk: {
        heldHashes: () => Promise.resolve(),
        stagedHashes: async ({ run }: { run: number }, take: (hash: Buffer) => void) => {
          for (const [, { hash }] of await statement((session) => staged(session, run))) take(hash as Buffer);
        },
        /** Page and records at once, under the fence and after the page before it, as the statement of production. */
        commitPage: ({ run, lease }: PageTarget, records: readonly StagedRecord[], page: NewPage) =>
          statement((session): void => {
            if (!held(session, lease)) throw refusal('conflict');
            if (page.seq > 0 && !session.get('page', two(run, page.seq - 1))) throw refusal('unavailable');
            session.put('page', two(run, page.seq), { ...page });
            for (const { key, hash } of records)
              session.put('stage', String(session.nextId()), { run, key, hash });
          }),
      },
    };
  }
}
