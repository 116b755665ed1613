/** Search criteria over the columns of the held directory, as SQL over rows `r`. Values are parameters; keys are short. */
import { type RawBuilder, sql } from 'kysely';
import { foldedAscii, isAscii } from './folded.ts';

/** One criterion; its alternatives are joined by *or*. */
export type HeldCriterion =
  | { by: 'id'; ids: readonly string[] }
  /** Key or any other identifier. */
  | { by: 'identifier'; kind: string; keys: readonly string[] }
  /** Identifiers of these systems, whatever their value: first letters of short keys, or whole systems with `|`. */
  | { by: 'identifier-system'; prefixes: readonly string[] }
  | { by: 'link'; column: 'practitioner' | 'organization' | 'part_of'; keys: readonly string[] }
  /** Text in one of these elements, as far as its letters and digits of ASCII tell. */
  | { by: 'text'; elements: readonly string[]; texts: readonly AskedText[] }
  | { by: 'code'; codes: readonly AskedCode[] }
  /** A reference, in content, to records with these keys. */
  | { by: 'reference'; kinds: readonly string[]; keys: readonly string[]; values: readonly string[] }
  /** An extension of ours, which nobody but a gateway like this one serves. */
  | { by: 'extension'; url: string }
  | { by: 'state'; ended: boolean }
  | { by: 'updated'; from?: Date; until?: Date; outside?: boolean }
  | { by: 'nothing' };

/** Runs of ASCII letters and digits of a folded text, and whether it has letters of another kind beside them. */
export type AskedText = { runs: readonly string[]; beyond: boolean };

/** A token; `written`: the mapping of files writes the code by itself, whatever stands in their cells. */
export type AskedCode = { system?: string; code?: string; written: boolean };

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
    case 'text':
      return anyOf(criterion.texts.map((text) => textCondition(criterion.elements, text)));
    case 'code':
      return anyOf(criterion.codes.map(codeCondition));
    case 'reference':
      // ids of sources and identifiers, whichever the content refers by
      return sql`${isGiven} and r.content like any (array(
        select '%/' || t.remote_id || '%' from directory_record t
        where t.kind = any(${criterion.kinds}::text[]) and t.key = any(${criterion.keys}::text[]) and t.remote_id is not null)
        || ${criterion.values.map((value) => `%${escaped(inJson(value))}%`)}::text[])`;
    case 'extension':
      return sql`r.source = any(array(select id from directory_source where kind = 'mcsd'))
        and ${isGiven} and position(${`"url":${JSON.stringify(criterion.url)}`} in r.content) > 0`;
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

/** Content is the JSON of the resource; else cells, of which its texts are made (src/directory/resource.ts). */
const isGiven = sql<boolean>`r.form in ('fhir', 'fhir-closed')`;

/** Names of files are cells joined by spaces; a structure without any is called by its number. */
function textCondition(elements: readonly string[], { runs, beyond }: AskedText): RawBuilder<unknown> {
  const parts = sql.join(elements.map(partOf), sql` || `);
  const text = sql`(case when not ${isGiven} or position('"contained":' in r.content) > 0 then r.content else ${parts} end)`;
  return sql`(not ${isGiven} and r.name is null or
    ${runs.length ? sql`${foldedAscii(text)} like all (${runs.map((run) => `%${run}%`)}::text[])` : sql`true`}
    and ${beyond ? sql`not (${isAscii(text)})` : sql`true`})`;
}

/** Where the text of a name or an alias ends at the latest, in canonical JSON; such words with quotes are never in a text. */
const ends = ['"identifier":[', '"qualification":[', '"resourceType":"'];

/** The part of canonical JSON that an element of a resource is in; the less of it, the fewer that only seem to match. */
function partOf(element: string): RawBuilder<unknown> {
  const start = sql`position(${`${JSON.stringify(element)}:`} in r.content)`;
  const part = ends.reduce<RawBuilder<unknown>>(
    (rest, end) => sql`split_part(${rest}, ${sql.lit(end)}, 1)`,
    sql`substr(r.content, ${start})`,
  );
  return sql`(case when ${start} > 0 then ${part} else '' end)`;
}

function codeCondition({ system, code, written }: AskedCode): RawBuilder<unknown> {
  const holds = (name: string, value?: string) =>
    value === undefined ? sql`true` : sql`position(${`"${name}":${JSON.stringify(value)}`} in r.content) > 0`;
  const cell =
    code === undefined || written ? sql`true` : sql`position(${`|${code}|`} in '|' || r.content || '|') > 0`;
  return sql`case when ${isGiven} then ${holds('code', code)} and ${holds('system', system)} else ${cell} end`;
}

/** A text as it stands between the quotes of canonical JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** For `like`. */
function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length ? sql`(${sql.join(conditions, sql` or `)})` : sql`false`;
}

/** What `directory_number` says of the record with this logical id; of no record for what is no id of ours. */
export function numberOf(id: string): string {
  const hex = /^pas-([0-9a-f]{16})[0-9a-f]{16}$/.exec(id)?.[1];
  return hex ? BigInt.asIntN(64, BigInt(`0x${hex}`)).toString() : '0';
}
