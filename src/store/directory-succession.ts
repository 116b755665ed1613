/**
 * What ends while the same begins under another identifier (P-2): the new one succeeds the old. Of roles, the same is one
 * person's at one place in one profession; of establishments, the only ones of a name in their commune.
 */
import { type RawBuilder, sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { Db } from './store.ts';

export type DirectorySuccessionRepository = ReturnType<typeof directorySuccessionRepository>;

/** `structures`: form of the short keys (regular expression) of structures whose name and commune tell them. */
type Of = { run: number; source: string; since: Date; structures: string };

const kinds = ['PractitionerRole', 'Organization'] as const;
type Kind = (typeof kinds)[number];

/** Links and facts by which two rows are the same; nothing is guessed where one of them is unknown on one side only. */
function same(kind: Kind, a: string, b: string, { source, structures }: Of) {
  const of = (row: string, column: string) => sql.ref(`${row}.${column}`);
  const other = sql`${of(a, 'key')} <> ${of(b, 'key')}`;
  if (kind === 'PractitionerRole')
    return sql`${of(a, 'practitioner')} = ${of(b, 'practitioner')} and ${other}
      and ${of(a, 'organization')} is not distinct from ${of(b, 'organization')}
      and ${of(a, 'profession')} is not distinct from ${of(b, 'profession')}`;
  return sql`${of(a, 'commune')} = ${of(b, 'commune')} and lower(${of(a, 'name')}) = lower(${of(b, 'name')}) and ${other}
    and ${of(a, 'key')} ~ ${structures} and ${of(b, 'key')} ~ ${structures}
    and not exists (select from ${partitionOf(source)} p where p.kind = 'Organization' and p.state = 'active'
      and p.commune = ${of(b, 'commune')} and lower(p.name) = lower(${of(b, 'name')})
      and p.key not in (${of(a, 'key')}, ${of(b, 'key')}))`;
}

/** Nothing succeeds the row yet; successors are looked for by what they have in common with it. */
function unfollowed(kind: Kind, source: string, row: string) {
  const shared = kind === 'PractitionerRole' ? 'practitioner' : 'commune';
  return sql`not exists (select from ${partitionOf(source)} o where o.kind = ${kind}
    and ${sql.ref(`o.${shared}`)} = ${sql.ref(`${row}.${shared}`)} and o.succeeds = ${sql.ref(`${row}.key`)})`;
}

/** One successor each. Of roles the one that ended last counts; of establishments none, where there are several. */
function pairsOf(kind: Kind, found: RawBuilder<unknown>) {
  return kind === 'PractitionerRole'
    ? sql`
        select distinct on (old) old, new from (
          select distinct on (new) old, new from (${found}) f order by new, changed_run desc, old) pairs
        order by old, new`
    : sql`
        select old, new from (
          select old, new, count(*) over (partition by old) as successors, count(*) over (partition by new) as before
          from (${found}) f) pairs
        where successors = 1 and before = 1`;
}

/** Both directions run in the transaction of applying, before the rows are written (links are keys by then). */
export function directorySuccessionRepository(db: Db) {
  return {
    /** Records that this run creates, where another ends in it or ended since. */
    async ofCreated(of: Of): Promise<void> {
      const { run, source, since } = of;
      const part = partitionOf(source);
      for (const kind of kinds) {
        const found = sql`
          select n.key as new, t.key as old, t.changed_run
          from directory_stage n join ${part} t on t.kind = n.kind and ${same(kind, 'n', 't', of)}
          left join directory_stage e on e.run = n.run and e.kind = t.kind and e.key = t.key
            and e.verdict in ('closed', 'vanished', 'removed')
          left join directory_run r on r.id = t.changed_run
          where n.run = ${run} and n.kind = ${kind} and n.verdict = 'created' and n.state = 'active'
            and (e.key is not null or (t.state in ('closed', 'vanished') and r.started_at >= ${since}))
            and ${unfollowed(kind, source, 't')}`;
        await sql`
          update directory_stage s set succeeds = f.old from (${pairsOf(kind, found)}) f
          where s.run = ${run} and s.kind = ${kind} and s.key = f.new and s.verdict = 'created'`.execute(db);
      }
    },

    /** Records that this run ends, where another began since that succeeds nothing yet. */
    async ofEnded(of: Of): Promise<void> {
      const { run, source, since } = of;
      const part = partitionOf(source);
      for (const kind of kinds) {
        const found = sql`
          select n.key as new, t.key as old, t.changed_run
          from directory_stage e join ${part} t on t.kind = e.kind and t.key = e.key
          join ${part} n on n.kind = t.kind and ${same(kind, 'n', 't', of)}
          join directory_run r on r.id = n.created_run
          where e.run = ${run} and e.kind = ${kind} and e.verdict in ('closed', 'vanished', 'removed')
            and n.state = 'active' and n.succeeds is null and n.created_run > t.created_run and r.started_at >= ${since}
            and ${unfollowed(kind, source, 't')}
            and not exists (select from directory_stage d where d.run = ${run} and d.kind = n.kind and d.key = n.key
              and d.verdict in ('closed', 'vanished', 'removed'))`;
        const pairs = pairsOf(kind, found);
        await sql`
          insert into directory_history (run, source, kind, key, op, before)
          select ${run}, ${source}, t.kind, t.key, 'changed', to_jsonb(t)
          from ${part} t join (${pairs}) p on t.key = p.new where t.kind = ${kind} on conflict do nothing`.execute(
          db,
        );
        await sql`
          update ${part} t set succeeds = p.old, changed_run = ${run} from (${pairs}) p
          where t.kind = ${kind} and t.key = p.new`.execute(db);
      }
    },
  };
}
