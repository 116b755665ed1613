/**
 * Statements that PostgreSQL plans once a connection and not at every call: planning what reads the held directory takes
 * longer than reading it. Marked where they are written; for statements of few forms, whose values are parameters.
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';

const mark = '/* kept */ ';

/** What a kept statement begins or ends with. */
export const kept = sql.raw(mark);

/** Forms kept at most: a connection holds the plan of each, and searches can be asked in many. */
const mostForms = 200;
const names = new Map<string, string>();

/** Name under which a connection keeps a statement; undefined of what is to be planned anew. */
export function keptName(text: string): string | undefined {
  if (!text.includes(mark)) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= mostForms) return known;
  const name = `kept-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  names.set(text, name);
  return name;
}
