/** Types of columns that the tables share, as kysely sees them: what is read, what is inserted, what is updated. */
import type { ColumnType } from 'kysely';

export type At = ColumnType<Date, Date, Date>;
export type MaybeAt = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** jsonb: read as a value, written as JSON text, so that arrays are not mistaken for PostgreSQL arrays. */
export type JsonColumn<T> = ColumnType<T, string, string>;
