/**
 * What a run staged under ids that its source gave to somebody else: left to people, for the held record may be the right one
 * (MCSD-18). An id is no key (P-1), but one that changes hands is a sign.
 */
import { sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { AmbiguousKey } from './directory-pick.ts';
import type { Db } from './store.ts';

/**
 * `takeover`: another identity under the id of a held one. `contested`: a held identity under a second id, whose first one
 * nothing was said of.
 */
export type Quarantined = { rule: 'takeover' | 'contested'; kind: string; key: string; held: string };

/** Both keys of each, and those of records that refer to them. */
export type Quarantine = { found: Quarantined[]; keys: AmbiguousKey[] };

export type QuarantineAsk = {
  /** What it does not show may be there all the same: a delta, or a reading that is not complete. */
  partial: boolean;
  /** Ids of the source stay with their records until a delete is told: a second one is a claim. */
  keepsIds: boolean;
};

/** Takes them out of what is compared; `ambiguous` and out of sight of links. Both keys of a take-over are left as they are held. */
export async function quarantine(
  db: Db,
  { run, source }: { run: number; source: string },
  { partial, keepsIds }: QuarantineAsk,
): Promise<Quarantine> {
  const part = partitionOf(source);
  await sql`analyze directory_stage`.execute(db);
  const read = sql`s.run = ${run} and s.state in ('active', 'closed') and s.verdict is null and s.remote_id is not null`;
  const elsewhere = sql`t.kind = s.kind and t.key = s.key and t.state = 'active' and t.remote_id <> s.remote_id`;
  // two conditions: an `or` would look through all that is staged for each row
  const untold = sql`not exists (select from directory_stage r
      where r.run = ${run} and r.kind = t.kind and r.remote_id = t.remote_id)
    and not exists (select from directory_stage r
      where r.run = ${run} and r.kind = t.kind and r.key = '?' || t.remote_id)`;
  const formerId = sql`exists (select from directory_history h where h.source = ${source} and h.kind = s.kind and h.key = s.key
    and h.before ->> 'remote_id' = s.remote_id)`;
  if (partial)
    // the end of an id that the record had before, or of a second one, says nothing of the record (P-1)
    await sql`
      delete from directory_stage s using ${part} t where ${read} and s.state = 'closed' and ${elsewhere}
        and (${keepsIds} or ${formerId}) and ${untold}`.execute(db);
  const contested = sql`
    select 'contested' as rule, s.kind, s.key, s.key as held, s.remote_id
    from directory_stage s join ${part} t on ${elsewhere} where ${read} and ${untold}`;
  const takeovers = sql`
    select distinct on (s.kind, s.key) 'takeover' as rule, s.kind, s.key, t.key as held, s.remote_id
    from directory_stage s join ${part} t
      on t.kind = s.kind and t.remote_id = s.remote_id and t.state = 'active' and t.key <> s.key
    where ${read}
      and t.key <> all (coalesce(s.identifiers, '{}')) and s.key <> all (coalesce(t.identifiers, '{}'))
      -- what had no identifier was keyed by its address: that is no identity
      and t.key not like '%|' || s.kind || '/' || s.remote_id
      -- held under it already, or the other one moved to an id of its own
      and not exists (select from ${part} o where o.kind = s.kind and o.key = s.key and o.remote_id = s.remote_id)
      and not exists (select from directory_stage o where o.run = ${run} and o.kind = s.kind and o.key = t.key
        and o.remote_id <> s.remote_id)`;
  const { rows } = await sql<Quarantined & { remote_id: string }>`
    ${takeovers} ${partial && keepsIds ? sql`union all ${contested}` : sql``}`.execute(db);
  if (rows.length === 0) return { found: [], keys: [] };
  const ids = sql`unnest(${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ key }) => key)}::text[],
    ${rows.map(({ held }) => held)}::text[], ${rows.map(({ remote_id }) => remote_id)}::text[]) q (kind, key, held, id)`;
  await sql`
    update directory_stage s set state = 'quarantined', verdict = 'ambiguous' from ${ids}
    where s.run = ${run} and s.kind = q.kind and s.key = q.key`.execute(db);
  await sql`
    insert into directory_stage (run, kind, key, state, hash, form, verdict)
    select distinct ${run}::bigint, q.kind, q.held, 'quarantined', ''::bytea, '', 'ambiguous' from ${ids}
    where not exists (select from directory_stage s where s.run = ${run} and s.kind = q.kind and s.key = q.held)`.execute(
    db,
  );
  // whom a new link by such an id means cannot be known
  await sql`
    update directory_stage s set state = 'quarantined', verdict = 'ambiguous' from ${ids}
    where s.run = ${run} and s.verdict is null and (
      (q.kind = 'Practitioner' and s.practitioner = '?' || q.id)
      or (q.kind = 'Organization' and (s.organization = '?' || q.id or s.kind <> 'Location' and s.part_of = '?' || q.id))
      or (q.kind = 'Location' and s.kind = 'Location' and s.part_of = '?' || q.id))`.execute(db);
  const keys = await sql<AmbiguousKey>`
    select distinct kind, key from directory_stage where run = ${run} and state = 'quarantined' order by kind, key`.execute(
    db,
  );
  return { found: rows.map(({ rule, kind, key, held }) => ({ rule, kind, key, held })), keys: keys.rows };
}
