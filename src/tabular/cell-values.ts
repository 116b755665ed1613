/** The text a cell of a workbook shows, as a list file would hold it: numbers without exponent, dates as YYYY-MM-DD. */
import type { NumberStyle } from './workbook.ts';

/** `value`, or what is wrong with the cell (French). */
export type CellValue = { value: string } | { wrong: string };

/** Excel keeps 15 digits of a number and makes zeros of the others. */
const mostDigits = 1e15;

/** The text of a number (`v` of a cell, ECMA-376 §18.3.1.96) under the style of its cell. */
export function numberText(written: string, style: NumberStyle | undefined, from1904: boolean): CellValue {
  const value = Number(written);
  if (written.trim() === '' || !Number.isFinite(value)) return { wrong: 'Nombre illisible.' };
  if (style?.date) return dateText(value, from1904);
  if (Math.abs(value) >= mostDigits) {
    return {
      wrong: 'Nombre de plus de 15 chiffres, arrondi par le tableur : mettez la colonne au format Texte.',
    };
  }
  if (!Number.isInteger(value)) return { value: String(Number(value.toPrecision(15))) };
  const digits = String(Math.abs(value)).padStart(style?.digits ?? 0, '0');
  return { value: value < 0 ? `-${digits}` : digits };
}

/** Days since the start of the date system, the time as their fraction; below one day, a time: HH:MM. */
function dateText(serial: number, from1904: boolean): CellValue {
  if (serial >= 0 && serial < 1 && serial * 1440 >= 0.5) {
    return { value: new Date(Math.round(serial * 1440) * 60_000).toISOString().slice(11, 16) };
  }
  const days = Math.floor(serial) + (from1904 ? 1462 : 0);
  // 1900 was no leap year, but day 60 of the 1900 system is its 29 February: days before it are counted one short.
  if (days < 1 || days === 60 || days > 2_958_465) {
    return { wrong: 'Date impossible : écrivez-la en texte, AAAA-MM-JJ.' };
  }
  const sinceEpoch = (days < 60 ? days + 1 : days) - 25_569;
  return { value: new Date(sinceEpoch * 86_400_000).toISOString().slice(0, 10) };
}

/** `C` of `C7` as a number from 0; undefined for what is no reference to a cell. */
export function columnOf(reference: string): number | undefined {
  const letters = /^\$?([A-Z]{1,3})\$?[0-9]{0,7}$/.exec(reference)?.[1];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** 0 → A, 26 → AA. */
export function lettersOf(column: number): string {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? lettersOf(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
}
