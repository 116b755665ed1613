/** Records as lines of COPY in text format (PostgreSQL, sql-copy). */
import type { DirectoryStageRow } from './schema-directory.ts';

/** A record on its way in; keys and links are short, a link by the source's own id is `?id`. */
export type StagedRecord = Omit<DirectoryStageRow, 'run' | 'verdict' | 'succeeds'>;

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

/** One line with its end: the constant columns as given, then those of `recordColumns`. */
export function copyLine(constants: string, record: StagedRecord): string {
  const { kind, key, state, hash, form, content, identifiers, codes, lat, lon } = record;
  return (
    `${constants}${kind}\t${text(key)}\t${state}\t\\\\x${hash.toString('hex')}\t${text(form)}\t${text(content)}\t` +
    `${text(record.practitioner)}\t${text(record.organization)}\t${text(record.part_of)}\t` +
    `${text(record.remote_id)}\t${text(record.remote_version)}\t${list(identifiers)}\t${text(record.name)}\t` +
    `${text(record.profession)}\t${list(codes)}\t${text(record.commune)}\t${lat ?? '\\N'}\t${lon ?? '\\N'}\n`
  );
}

/** A constant column with its tab. */
export function copyConstant(value: string | number): string {
  return `${text(String(value))}\t`;
}

function text(value: string | null): string {
  if (value === null) return '\\N';
  return special.test(value) ? value.replace(specials, (one) => escapes[one]!) : value;
}

function list(values: readonly string[] | null): string {
  if (values === null) return '\\N';
  return text(`{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
}
