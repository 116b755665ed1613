/** Names and code systems of the flat extracts: mappings/directory/extract.json. */
import tables from '../../../mappings/directory/extract.json' with { type: 'json' };
import type { ColumnTable } from '../files/columns.ts';

export const activityColumns: ColumnTable = tables.activity;

/** In the name of the file of activities: its companions lie beside it under names of their own. */
export const activityFamily = tables.activity.family;

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
