/** Search criteria over a source's rows, as SQL. Every value is a parameter; element names come from our own table. */
import { type RawBuilder, sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import { folded } from './folded.ts';

/** One criterion; its alternatives are joined by *or*. */
export type ServedCriterion =
  | { kind: 'id'; values: readonly string[] }
  /** JSON that the element must contain (`@>` of PostgreSQL): every token, reference and code search. */
  | { kind: 'contains'; element: string; patterns: readonly Json[] }
  /**
   * Text that one of the elements (paths of SQL/JSON) begins with or contains, whatever its case and accents; or is,
   * letter for letter.
   */
  | { kind: 'text'; paths: readonly string[]; mode: TextMode; values: readonly string[] }
  /** Last update in [from, until), or outside it. */
  | { kind: 'updated'; from?: Date; until?: Date; outside?: boolean };

export type TextMode = 'starts' | 'contains' | 'exact';

/** The condition for rows with columns `id`, `last_updated` and `body`. */
export function conditionOf(criterion: ServedCriterion): RawBuilder<unknown> {
  switch (criterion.kind) {
    case 'id':
      return sql`id = any(${criterion.values})`;
    case 'contains':
      return anyOf(
        criterion.patterns.map(
          (pattern) => sql`body -> ${sql.lit(criterion.element)} @> ${JSON.stringify(pattern)}::jsonb`,
        ),
      );
    case 'text':
      return anyOf(
        criterion.paths.map(
          (path) => sql`exists (select from jsonb_path_query(body, ${path}::jsonpath) t
            where ${anyOf(criterion.values.map((value) => textMatches(sql`t #>> '{}'`, criterion.mode, value)))})`,
        ),
      );
    case 'updated': {
      const from = criterion.from ? sql`last_updated >= ${criterion.from}` : sql`true`;
      const until = criterion.until ? sql`last_updated < ${criterion.until}` : sql`true`;
      return criterion.outside ? sql`not (${from} and ${until})` : sql`(${from} and ${until})`;
    }
  }
}

function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length ? sql`(${sql.join(conditions, sql` or `)})` : sql`false`;
}

function textMatches(text: RawBuilder<unknown>, mode: TextMode, value: string): RawBuilder<unknown> {
  const wanted = sql`${value}::text`;
  if (mode === 'exact') return sql`${text} = ${wanted}`;
  if (mode === 'contains') return sql`position(${folded(wanted)} in ${folded(text)}) > 0`;
  return sql`starts_with(${folded(text)}, ${folded(wanted)})`;
}
