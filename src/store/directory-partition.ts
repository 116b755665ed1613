/** Names of the tables that belong to one source of the held directory. */
import { hash } from 'node:crypto';
import { sql } from 'kysely';

/** Partition of `directory_record` that holds a source's rows; its first load fills it before it is attached. */
export function partitionName(source: string): string {
  return `directory_record_${hash('sha256', source, 'hex').slice(0, 16)}`;
}

/** The same as a piece of SQL. */
export function partitionOf(source: string) {
  return sql.table(partitionName(source));
}

/** Columns that staged and held rows have in common, in the order of COPY. */
export const recordColumns = [
  ...['kind', 'key', 'state', 'hash', 'form', 'content', 'practitioner', 'organization', 'part_of'],
  ...['remote_id', 'remote_version', 'identifiers', 'name', 'profession', 'codes', 'commune', 'lat', 'lon'],
] as const;
