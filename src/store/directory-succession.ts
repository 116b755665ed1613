/** One person's role that ends while the same role begins under another identifier (P-2): the new one succeeds the old. */
import { sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { Db } from './store.ts';

export type DirectorySuccessionRepository = ReturnType<typeof directorySuccessionRepository>;

type Of = { run: number; source: string; since: Date };

/** Both directions run in the transaction of applying, before the rows are written (links are keys by then). */
export function directorySuccessionRepository(db: Db) {
  /** Same person, same place, same profession; nothing is guessed where one of them is unknown on one side only. */
  const same = (a: string, b: string) =>
    sql`${sql.ref(`${a}.practitioner`)} = ${sql.ref(`${b}.practitioner`)}
      and ${sql.ref(`${a}.organization`)} is not distinct from ${sql.ref(`${b}.organization`)}
      and ${sql.ref(`${a}.profession`)} is not distinct from ${sql.ref(`${b}.profession`)}
      and ${sql.ref(`${a}.key`)} <> ${sql.ref(`${b}.key`)}`;

  return {
    /** Roles that this run creates, where another ends in it or ended since. One ended role has one successor. */
    async ofCreated({ run, source, since }: Of): Promise<void> {
      const part = partitionOf(source);
      await sql`
        update directory_stage s set succeeds = f.old from (
          select distinct on (old) old, new from (
            select distinct on (n.key) n.key as new, t.key as old
            from directory_stage n join ${part} t on t.kind = n.kind and ${same('n', 't')}
            left join directory_stage e on e.run = n.run and e.kind = t.kind and e.key = t.key
              and e.verdict in ('closed', 'vanished', 'removed')
            left join directory_run r on r.id = t.changed_run
            where n.run = ${run} and n.kind = 'PractitionerRole' and n.verdict = 'created' and n.state = 'active'
              and (e.key is not null or (t.state in ('closed', 'vanished') and r.started_at >= ${since}))
              and not exists (select from ${part} o where o.kind = t.kind and o.practitioner = t.practitioner
                and o.succeeds = t.key)
            order by n.key, t.changed_run desc, t.key) pairs
          order by old, new) f
        where s.run = ${run} and s.kind = 'PractitionerRole' and s.key = f.new and s.verdict = 'created'`.execute(
        db,
      );
    },

    /** Roles that this run ends, where another began since that succeeds nothing yet. */
    async ofEnded({ run, source, since }: Of): Promise<void> {
      const part = partitionOf(source);
      const pairs = sql`
        select distinct on (old) old, new from (
          select distinct on (n.key) n.key as new, t.key as old
          from directory_stage e join ${part} t on t.kind = e.kind and t.key = e.key
          join ${part} n on n.kind = t.kind and ${same('n', 't')}
          join directory_run r on r.id = n.created_run
          where e.run = ${run} and e.kind = 'PractitionerRole' and e.verdict in ('closed', 'vanished', 'removed')
            and n.state = 'active' and n.succeeds is null and n.created_run > t.created_run and r.started_at >= ${since}
            and not exists (select from ${part} o where o.kind = t.kind and o.practitioner = t.practitioner
              and o.succeeds = t.key)
            and not exists (select from directory_stage d where d.run = ${run} and d.kind = n.kind and d.key = n.key
              and d.verdict in ('closed', 'vanished', 'removed'))
          order by n.key, t.key) found
        order by old, new`;
      await sql`
        insert into directory_history (run, source, kind, key, op, before)
        select ${run}, ${source}, t.kind, t.key, 'changed', to_jsonb(t)
        from ${part} t join (${pairs}) p on t.key = p.new where t.kind = 'PractitionerRole' on conflict do nothing`.execute(
        db,
      );
      await sql`
        update ${part} t set succeeds = p.old, changed_run = ${run} from (${pairs}) p
        where t.kind = 'PractitionerRole' and t.key = p.new`.execute(db);
    },
  };
}
