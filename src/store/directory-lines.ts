/** Records as lines of COPY in text format (PostgreSQL, sql-copy). */
import type { DirectoryStageRow } from './schema-directory.ts';

/** A record on its way in; keys and links are short, a link by the source's own id is `?id`. */
export type StagedRecord = Omit<DirectoryStageRow, 'run' | 'verdict' | 'succeeds'>;

const nothing = '\\N';
const special = /[\\\n\r\t\0]/;
const specials = /[\\\n\r\t\0]/g;
/** U+0000 cannot be stored by PostgreSQL at all. */
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '',
};

/**
 * One line with its end: the constant columns as given, then those of `recordColumns`. Joined from an array: a text in one
 * piece, where one added up from forty is a tree that costs three times as much when it is sent.
 */
export function copyLine(constants: string, record: StagedRecord): string {
  const { kind, key, state, hash, form, content, identifiers, codes, lat, lon } = record;
  const cells = [
    constants + kind,
    text(key),
    state,
    `\\\\x${hash.toString('hex')}`,
    text(form),
    text(content),
    text(record.practitioner),
    text(record.organization),
    text(record.part_of),
    text(record.remote_id),
    text(record.remote_version),
    list(identifiers),
    text(record.name),
    text(record.profession),
    list(codes),
    text(record.commune),
    lat === null ? nothing : String(lat),
    lon === null ? `${nothing}\n` : `${lon}\n`,
  ];
  return cells.join('\t');
}

/** A constant column with its tab. */
export function copyConstant(value: string | number): string {
  return `${text(String(value))}\t`;
}

function text(value: string | null): string {
  if (value === null) return nothing;
  return special.test(value) ? value.replace(specials, (one) => escapes[one]!) : value;
}

function list(values: readonly string[] | null): string {
  if (values === null) return nothing;
  return text(`{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
}
