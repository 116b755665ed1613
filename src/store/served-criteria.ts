/** Search criteria over a source's rows, as SQL. Every value is a parameter; element names come from our own table. */
import { type RawBuilder, sql } from 'kysely';
import type { Json } from '../fhir/types.ts';

/** One criterion; its alternatives are joined by *or*. */
export type ServedCriterion =
  | { kind: 'id'; values: readonly string[] }
  /** JSON that the element must contain (`@>` of PostgreSQL): every token, reference and code search. */
  | { kind: 'contains'; element: string; patterns: readonly Json[] }
  /** Text that the element must begin with; case and accents do not matter. */
  | { kind: 'starts'; element: string; values: readonly string[] }
  /** Last update in [from, until), or outside it. */
  | { kind: 'updated'; from?: Date; until?: Date; outside?: boolean };

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
    case 'starts':
      return anyOf(
        criterion.values.map(
          (value) =>
            sql`starts_with(${folded(sql`body ->> ${sql.lit(criterion.element)}`)}, ${folded(sql`${value}::text`)})`,
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

const accented = 'àâäçéèêëîïôöùûüÿ';
const plain = 'aaaceeeeiioouuuy';

/** Lower case without the accents of French. */
function folded(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`translate(lower(${text}), ${sql.lit(accented)}, ${sql.lit(plain)})`;
}
