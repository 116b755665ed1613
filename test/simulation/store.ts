/** The part of the store that the delivery core uses, over the database in memory; test/contracts/delivery-store.ts holds it to PostgreSQL's. */
import type { DeliveryStore } from '../../src/delivery/port.ts';
import type { Claim, ClaimRequest, Fenced } from '../../src/store/outbox-claims.ts';
import type { OpenItem, OutboxFilter, Progress, StoredItem } from '../../src/store/outbox.ts';
import type { ServerReference } from '../../src/store/references.ts';
import type { StoredReceipt } from '../../src/store/receipts.ts';
import type { Json } from '../../src/fhir/types.ts';
import type { Repositories } from '../../src/store/store.ts';
import { type Blocked, blocked, type Database, type Session } from './database.ts';
import type { Process } from './scheduler.ts';

export type Item = Omit<StoredItem, 'parked'> & {
  id: number;
  state: OpenItem['state'];
  attempts: number;
  fence: number;
  dueAt: Date;
  leaseUntil: number;
  reason: Json;
};

type Statement = <T>(work: (session: Session) => T | Blocked) => Promise<T>;

const itemKey = ({ tenant, id }: { tenant: string; id: number }): string =>
  `${tenant}/${String(id).padStart(9, '0')}`;
const openStates = ['queued', 'sending', 'parked'];

/** Repositories of one process, as the core sees them. */
export function memoryStore(database: Database, caller: Process, trueNow: () => number): DeliveryStore {
  const alone: Statement = (work) => database.statement(caller, work);
  return {
    ...repositories(alone, trueNow),
    transaction: <T>(work: (tx: Repositories) => Promise<T>) =>
      database.transaction(caller, ({ statement }) =>
        work(repositories(statement, trueNow) as unknown as Repositories),
      ),
    onOutbox: (wake: () => void) => {
      const stop = database.listen(caller, wake);
      return Promise.resolve(() => Promise.resolve(stop()));
    },
  };
}

function items(session: Session): Item[] {
  return session
    .all('outbox')
    .map(([, row]) => row as unknown as Item)
    .sort((a, b) => a.id - b.id);
}

const sameSubject = (a: Item, b: Item): boolean =>
  a.tenant === b.tenant && a.serverId === b.serverId && a.subject === b.subject;

function matches(item: Item, filter: OutboxFilter): boolean {
  return Object.entries(filter).every(
    ([name, value]) => value === undefined || item[name as keyof Item] === value,
  );
}

function repositories(statement: Statement, trueNow: () => number) {
  const isHead = (item: Item, all: readonly Item[]): boolean =>
    !all.some((other) => sameSubject(other, item) && other.id < item.id && openStates.includes(other.state));
  const isDue = (item: Item, now: Date): boolean =>
    item.state === 'queued' ? item.dueAt <= now : item.state === 'sending' && item.leaseUntil <= trueNow();
  const save = (session: Session, item: Item): void => session.put('outbox', itemKey(item), item);

  /** An update of the row of a claim, under its fence; waits for whoever holds the row. */
  const held = (claim: Fenced, change: (item: Item) => Partial<Item>): Promise<boolean> =>
    statement((session): boolean | Blocked => {
      if (session.lockedByOther('outbox', itemKey(claim))) return blocked;
      const item = session.get('outbox', itemKey(claim)) as unknown as Item | undefined;
      if (item?.state !== 'sending' || item.fence !== claim.fence) return false;
      save(session, { ...item, ...change(item) });
      return true;
    });

  /** An update of every row that matches, as one statement. */
  const every = (wanted: (item: Item) => boolean, change: Partial<Item>): Promise<number> =>
    statement((session): number | Blocked => {
      const found = items(session).filter(wanted);
      if (found.some((item) => session.lockedByOther('outbox', itemKey(item)))) return blocked;
      for (const item of found) save(session, { ...item, ...change });
      return found.length;
    });

  const outbox = {
    due: (servers: readonly string[], now: Date) =>
      statement((session) => {
        const all = items(session);
        const due = all.filter(
          (one) => servers.includes(one.serverId) && isDue(one, now) && isHead(one, all),
        );
        const pairs = new Map(due.map(({ serverId, lane }) => [`${serverId} ${lane}`, { serverId, lane }]));
        return [...pairs.values()];
      }),

    claim: ({ from, leftBehind, now, leaseMs }: ClaimRequest) =>
      statement((session): Claim[] => {
        const all = items(session);
        const free = all.filter(
          (one) =>
            (leftBehind || one.state === 'queued') &&
            isDue(one, now) &&
            isHead(one, all) &&
            !session.lockedByOther('outbox', itemKey(one)),
        );
        free.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.id - b.id);
        const heads = from.flatMap(({ serverId, lane, limit }) =>
          free.filter((one) => one.serverId === serverId && one.lane === lane).slice(0, limit),
        );
        return heads.map((item) => {
          const taken: Item = {
            ...item,
            ...{ state: 'sending', attempts: item.attempts + 1, fence: item.fence + 1 },
            leaseUntil: trueNow() + leaseMs,
          };
          save(session, taken);
          const { dueAt: _due, leaseUntil: _until, state: _state, ...claim } = taken;
          return structuredClone(claim);
        });
      }),

    prolong: (claim: Fenced, leaseMs: number) =>
      held(claim, ({ leaseUntil }) =>
        leaseUntil > trueNow() + 0.75 * leaseMs ? {} : { leaseUntil: trueNow() + leaseMs },
      ),
    deliver: (claim: Fenced) => held(claim, () => ({ state: 'delivered', reason: null })),
    postpone: (claim: Fenced, dueAt: Date, reason: Json) =>
      held(claim, () => ({ state: 'queued', dueAt, reason })),
    park: (claim: Fenced, _at: Date, reason: Json, subject?: string) =>
      held(claim, () => ({ state: 'parked', reason, ...(subject === undefined ? {} : { subject }) })),
    rewrite: (claim: Fenced, payload: Claim['payload']) => held(claim, () => ({ payload })),

    expire: (now: Date, reasonOf: (last: Json) => Json) =>
      statement((session) => {
        const late = items(session).filter(
          (one) =>
            one.state === 'queued' && one.deadline <= now && !session.lockedByOther('outbox', itemKey(one)),
        );
        for (const item of late) save(session, { ...item, state: 'parked', reason: reasonOf(item.reason) });
        return late.map(({ tenant, id }) => ({ tenant, id }));
      }),

    explain: async (serverId: string, reason: Json, again: boolean) =>
      void (await every(
        (one) => one.serverId === serverId && one.state === 'queued' && (again || one.reason === null),
        { reason },
      )),

    hasten: async (serverId: string, now: Date) =>
      void (await every((one) => one.serverId === serverId && one.state === 'queued' && one.reason !== null, {
        dueAt: now,
        reason: null,
      })),

    progress: (tenant: string, filter: OutboxFilter) =>
      statement((session): Progress[] => {
        const all = items(session);
        const groups = new Map<string, Progress>();
        for (const item of all.filter((one) => one.tenant === tenant && matches(one, filter))) {
          const behind = all.some(
            (other) => sameSubject(other, item) && other.id < item.id && other.state === 'parked',
          );
          const group = {
            serverId: item.serverId,
            state: item.state,
            blocked: item.state === 'queued' && behind,
          };
          const name = JSON.stringify(group);
          const sum = groups.get(name) ?? { ...group, items: 0, resources: 0 };
          groups.set(name, {
            ...sum,
            items: sum.items + 1,
            resources: sum.resources + item.payload.entries.length,
          });
        }
        return [...groups.values()];
      }),

    requeue: (tenant: string, filter: OutboxFilter, at: Date, deadline: Date) =>
      every((one) => one.tenant === tenant && one.state === 'parked' && matches(one, filter), {
        ...{ state: 'queued', dueAt: at, deadline, reason: null },
      }),

    add: (added: readonly StoredItem[]) =>
      statement((session): void => {
        session.announce();
        for (const { parked, ...item } of added) {
          const id = session.nextId();
          const row: Item = {
            ...structuredClone(item),
            ...{ id, state: parked ? 'parked' : 'queued', attempts: 0, fence: 0, dueAt: item.createdAt },
            ...{ leaseUntil: 0, reason: parked?.reason ?? null },
          };
          save(session, row);
        }
      }),
  };

  const known = (session: Session): ServerReference[] =>
    session.all('reference').map(([, row]) => row as unknown as ServerReference);
  const references = {
    find: (tenants: readonly string[], serverId: string, keys: readonly string[]) =>
      statement((session) =>
        known(session).filter(
          (one) => tenants.includes(one.tenant) && one.serverId === serverId && keys.includes(one.key),
        ),
      ),
    byLocalIds: (tenants: readonly string[], serverId: string, ids: readonly string[]) =>
      statement((session) =>
        known(session).filter(
          (one) => tenants.includes(one.tenant) && one.serverId === serverId && ids.includes(one.localId),
        ),
      ),
    put: (rows: readonly ServerReference[]) =>
      statement((session): void | Blocked => {
        const keyed = rows.map(
          (row) => [[row.tenant, row.serverId, row.type, row.key].join(' '), row] as const,
        );
        if (keyed.some(([key]) => session.lockedByOther('reference', key))) return blocked;
        for (const [key, row] of keyed) session.put('reference', key, { ...row });
      }),
  };

  const receipts = {
    add: (rows: readonly StoredReceipt[]) =>
      statement((session) => {
        for (const row of rows) session.put('receipt', String(session.nextId()), { ...row });
      }),
  };

  /** What the simulated world itself keeps in the same transactions. */
  const notes = {
    add: (table: string, key: string, row: Record<string, unknown>) =>
      statement((session): boolean | Blocked => {
        if (session.lockedByOther(table, key)) return blocked;
        if (session.get(table, key)) return false;
        session.put(table, key, row);
        return true;
      }),
    log: (table: string, row: Record<string, unknown>) =>
      statement((session) => void session.put(table, String(session.nextId()), row)),
  };

  return { outbox, references, receipts, notes };
}

export type Notes = ReturnType<typeof repositories>['notes'];
