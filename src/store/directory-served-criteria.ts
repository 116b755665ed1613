/** Search criteria over the columns of the held directory, as SQL over rows `r`. Values are parameters; keys are short. */
import { type RawBuilder, sql } from 'kysely';
import { folded } from './served-criteria.ts';

/** One criterion; its alternatives are joined by *or*. */
export type HeldCriterion =
  | { by: 'id'; ids: readonly string[] }
  /** Key or any other identifier. */
  | { by: 'identifier'; kind: string; keys: readonly string[] }
  /** Identifiers of these systems, whatever their value: first letters of short keys, or whole systems with `|`. */
  | { by: 'identifier-system'; prefixes: readonly string[] }
  | { by: 'link'; column: 'practitioner' | 'organization' | 'part_of'; keys: readonly string[] }
  /** Text anywhere in the name; case and accents do not matter. */
  | { by: 'name'; values: readonly string[] }
  /** `system|code`, `|code` of any system, or `system|` for any code of it. */
  | { by: 'code'; codes: readonly string[] }
  | { by: 'state'; ended: boolean }
  | { by: 'updated'; from?: Date; until?: Date; outside?: boolean }
  | { by: 'nothing' };

/** Criteria that an index answers: such a search ends soon by itself. */
const indexed: ReadonlySet<HeldCriterion['by']> = new Set(['id', 'identifier', 'link', 'nothing']);

/** Whether a search by these ends soon, however large the directory is. */
export function isSoon(criteria: readonly HeldCriterion[]): boolean {
  return criteria.some(({ by }) => indexed.has(by));
}

/** The condition; `ru` is the run that made the row. */
export function heldConditionOf(criterion: HeldCriterion): RawBuilder<unknown> {
  switch (criterion.by) {
    case 'id':
      return sql`directory_number(r.kind, r.key) = any(${criterion.ids.map(numberOf)}::bigint[])
        and directory_id(r.kind, r.key) = any(${criterion.ids}::text[])`;
    case 'identifier':
      // A union: each half has its index, which an "or" over both would leave to chance.
      return sql`r.key in (
        select k.key from directory_record k where k.kind = ${criterion.kind} and k.key = any(${criterion.keys}::text[])
        union
        select k.key from directory_record k where k.kind = ${criterion.kind} and k.identifiers && ${criterion.keys}::text[])`;
    case 'identifier-system':
      return anyOf(
        criterion.prefixes.map(
          (prefix) => sql`starts_with(r.key, ${prefix})
            or exists (select from unnest(r.identifiers) i where starts_with(i, ${prefix}))`,
        ),
      );
    case 'link':
      return sql`r.${sql.ref(criterion.column)} = any(${criterion.keys}::text[])`;
    case 'name':
      return anyOf(
        criterion.values.map(
          (value) => sql`position(${folded(sql`${value}::text`)} in ${folded(sql`r.name`)}) > 0`,
        ),
      );
    case 'code':
      return anyOf(
        criterion.codes.map((code) => {
          if (code.endsWith('|'))
            return sql`r.profession is not null or exists (select from unnest(r.codes) c where starts_with(c, ${code}))`;
          if (!code.startsWith('|'))
            return sql`${code} = any(r.codes) or r.profession = ${code.slice(code.lastIndexOf('|') + 1)}`;
          return sql`exists (select from unnest(r.codes || r.profession) c
            where c = ${code.slice(1)} or right(c, ${code.length}) = ${code})`;
        }),
      );
    case 'state':
      return criterion.ended ? sql`r.state in ('closed', 'vanished')` : sql`r.state = 'active'`;
    case 'updated': {
      const at = sql`coalesce(ru.finished_at, ru.started_at)`;
      const from = criterion.from ? sql`${at} >= ${criterion.from}` : sql`true`;
      const until = criterion.until ? sql`${at} < ${criterion.until}` : sql`true`;
      return criterion.outside ? sql`not (${from} and ${until})` : sql`(${from} and ${until})`;
    }
    case 'nothing':
      return sql`false`;
  }
}

function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length ? sql`(${sql.join(conditions, sql` or `)})` : sql`false`;
}

/** What `directory_number` says of the record with this logical id; of no record for what is no id of ours. */
export function numberOf(id: string): string {
  const hex = /^pas-([0-9a-f]{16})[0-9a-f]{16}$/.exec(id)?.[1];
  return hex ? BigInt.asIntN(64, BigInt(`0x${hex}`)).toString() : '0';
}
