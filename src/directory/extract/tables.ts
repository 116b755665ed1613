/** Names and code systems of the flat extracts: mappings/directory/extract.json. */
import tables from '../../../mappings/directory/extract.json' with { type: 'json' };
import type { ColumnTable } from '../files/columns.ts';
import type { Family } from '../files/find-file.ts';

export const activityColumns: ColumnTable = tables.activity;

/** Files of one publication (French-standards §3.4): activities, and their companions, which are not read. */
export const activityFamily: Family = {
  own: new RegExp(tables.activity.family, 'i'),
  companions: new RegExp(tables.activity.companions, 'i'),
};

export type ActivityColumn = keyof typeof tables.activity.columns;

const titles = new Set(tables.profession.titles.codes);
const knowHow: Readonly<Record<string, string>> = tables.knowHow;

/** `system|code` of a profession: health professions and the titles of other professionals are two terminologies. */
export function professionCode(code: string): string {
  return `${titles.has(code) ? tables.profession.titles.system : tables.profession.system}|${code}`;
}

/** `system|code` of a know-how, by its type. */
export function knowHowCode(type: string, code: string): string {
  return `${knowHow[type] ?? knowHow['']}|${code}`;
}
