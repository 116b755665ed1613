/** A small held directory for tests of `/fhir`: rows and runs written as a sync run leaves them. */
import { sql } from 'kysely';
import { shortKey } from '../../src/directory/keys.ts';
import type { AnyResource, Identifier } from '../../src/fhir/types.ts';
import type { Store } from '../../src/store/store.ts';

export type Held = {
  source?: string;
  /** The key; any other identifier is told beside it. */
  identifier: Identifier[];
  state?: 'active' | 'closed' | 'vanished' | 'stub';
  codes?: string[];
  name?: string;
  /** The source's own id. */
  remoteId?: string;
  links?: { practitioner?: Identifier; organization?: Identifier; part_of?: Identifier };
};

export const keyText = ({ system, value }: Identifier): string => shortKey(`${system}|${value}`);

/** Makes a source, with its partition. */
export async function addSource(store: Store, id: string, rank: number): Promise<void> {
  await sql`insert into directory_source (id, kind, rank) values (${id}, 'mcsd', ${rank})`.execute(store.db);
  await sql`create table ${sql.table(`directory_record_${id}`)}
    partition of directory_record for values in (${sql.lit(id)})`.execute(store.db);
}

/** Makes a run that was applied at that instant; answers its number. */
export async function addRun(store: Store, source: string, at: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into directory_run (source, mode, status, actor, started_at, finished_at, complete)
    values (${source}, 'full', 'applied', 'test', ${at}, ${at}, true) returning id`.execute(store.db);
  return rows[0]!.id;
}

/** Writes a record as a run creates it, or changes it: what stood before goes to the history. */
export async function hold(
  store: Store,
  run: number,
  resource: AnyResource,
  { source = 'national', identifier, state = 'active', codes, name, remoteId, links = {} }: Held,
): Promise<void> {
  const [first, ...others] = identifier as [Identifier, ...Identifier[]];
  const { resourceType: kind } = resource;
  const key = keyText(first);
  const content = state === 'stub' ? null : JSON.stringify({ identifier, ...resource });
  const told = (one: Identifier | undefined): string | null => (one ? keyText(one) : null);
  await sql`insert into directory_history (run, source, kind, key, op, before)
    select ${run}, source, kind, key, ${state === 'closed' ? 'closed' : 'changed'}, to_jsonb(r)
    from directory_record r where kind = ${kind} and key = ${key} and source = ${source}`.execute(store.db);
  await sql`
    insert into directory_record (source, kind, key, state, hash, form, content, practitioner, organization, part_of,
      identifiers, name, codes, remote_id, created_run, changed_run)
    values (${source}, ${kind}, ${key}, ${state}, '\\x00'::bytea, 'fhir', ${content}, ${told(links.practitioner)},
      ${told(links.organization)}, ${told(links.part_of)}, ${others.length ? others.map(keyText) : null}::text[],
      ${name ?? null}, ${codes ?? null}::text[], ${remoteId ?? null}, ${run}, ${run})
    on conflict (kind, key, source) do update set state = excluded.state, content = excluded.content,
      changed_run = excluded.changed_run`.execute(store.db);
}
