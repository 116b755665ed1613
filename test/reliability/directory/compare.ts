/** What is held of the national directory, beside what an ideal reader could know on the same day. */
import { sql } from 'kysely';
import { longKey, shortKey, unseenSystem } from '../../../src/directory/keys.ts';
import type { IdealRecord } from '../../../src/sandbox/annuaire/population/ideal.ts';
import type { Store } from '../../../src/store/store.ts';

export type Difference = {
  what:
    /** Closed or vanished here although it is shown, or could not be proven gone. */
    | 'false closure'
    /** Shown, and not held, or held as less than active. */
    | 'missing'
    /** Held as it stood before. */
    | 'stale'
    /** Ended, and still active here. */
    | 'not closed'
    /** Held, and never shown. */
    | 'invented';
  type: string;
  key: string;
  detail: string;
};

/** `digest`: of what is held, canonical JSON without version and date of change: what the ideal reader's digest is of. */
type Held = { kind: string; key: string; state: string; digest: string };

/**
 * Every difference; none when the night did all that could be done. `partial`: only what the ideal reader names is looked
 * at, and nothing is said of what else is held.
 */
export async function differences(
  store: Store,
  source: string,
  ideal: AsyncIterable<IdealRecord>,
  partial = false,
): Promise<Difference[]> {
  const groups: IdealRecord[][] = [];
  if (partial) for await (const group of byKey(ideal)) groups.push(group);
  const wanted = partial ? groups.map(([one]) => shortKey(one!.key)) : undefined;
  const held = new Map((await heldRows(store, source, wanted)).map((row) => [`${row.kind} ${row.key}`, row]));
  const found: Difference[] = [];
  const shown = new Set<string>();
  for await (const records of partial ? groups : byKey(ideal)) {
    const [{ type, key }] = records as [IdealRecord];
    shown.add(`${type} ${key}`);
    const difference = compare(held.get(`${type} ${key}`), records);
    if (difference) found.push({ type, key, ...difference });
  }
  if (partial) return found;
  for (const [name, { kind, key, state }] of held)
    if (!shown.has(name) && !key.startsWith(`${unseenSystem}|`))
      found.push({ what: 'invented', type: kind, key, detail: state });
  return found;
}

/** One key may be shown twice (P-3): then each of what is shown under it is right. */
function compare(
  row: Held | undefined,
  records: readonly IdealRecord[],
): Pick<Difference, 'what' | 'detail'> | undefined {
  const states = records.map(({ state }) => state);
  const detail = `${row?.state ?? 'not held'}, ideal ${states.join(' and ')}`;
  const active = records.filter(({ state }) => state === 'active');
  const ended = row?.state === 'closed' || row?.state === 'vanished';
  if (ended && states.some((state) => state === 'active' || state === 'gone-unproven'))
    return { what: 'false closure', detail };
  if (active.length > 0 && row?.state !== 'active') return { what: 'missing', detail };
  if (active.length === 0 && row?.state === 'active' && !states.includes('gone-unproven'))
    return { what: 'not closed', detail };
  if (row?.state !== 'active') return undefined;
  const digests = records.map(({ digest }) => digest);
  return digests.includes(row.digest) ? undefined : { what: 'stale', detail };
}

async function* byKey(ideal: AsyncIterable<IdealRecord>): AsyncGenerator<IdealRecord[]> {
  let group: IdealRecord[] = [];
  for await (const record of ideal) {
    const [first] = group;
    if (first && (first.type !== record.type || first.key !== record.key)) {
      yield group;
      group = [];
    }
    group.push(record);
  }
  if (group.length > 0) yield group;
}

async function heldRows(store: Store, source: string, keys?: readonly string[]): Promise<Held[]> {
  const named = keys ? sql`and key = any(${[...keys]}::text[])` : sql``;
  const { rows } = await sql<Held>`
    select kind, key, state, encode(sha256(convert_to(coalesce(content, ''), 'UTF8')), 'hex') as digest
    from directory_record where source = ${source} ${named}`.execute(store.db);
  return rows.map((row) => ({ ...row, key: longKey(row.key) }));
}
