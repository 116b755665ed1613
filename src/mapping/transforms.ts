/** The closed list of named transforms. Each takes one value that is present and answers undefined when it does not fit. */
import { checkRpps, idNatPsOfRpps, idNatStOfFiness } from '../fhir/identifiers.ts';
import type { Json } from '../fhir/types.ts';

export type Transform = (value: Json) => Json | undefined;

/** FHIR `date`: a year, a month or a day that exists in the calendar. */
function date(text: string): string | undefined {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text);
  if (!match) return undefined;
  const [, year, month = '01', day = '01'] = match;
  const moment = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(`${year}-${month}-${day}`)
    ? text
    : undefined;
}

/** A French number in international form; others keep their digits. */
function phone(text: string): string | undefined {
  const digits = text.replace(/[\s.\-()/]/g, '');
  if (!/^\+?\d{4,15}$/.test(digits)) return undefined;
  return /^0\d{9}$/.test(digits) ? `+33${digits.slice(1)}` : digits;
}

/** A whole number or a decimal one, as R4 writes them in JSON: network files keep numbers as texts. */
function number(text: string): number | undefined {
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

function onText(change: (text: string) => string | undefined): Transform {
  return (value) => (typeof value === 'string' ? change(value) || undefined : undefined);
}

export const transforms: Readonly<Record<string, Transform>> = {
  date: onText(date),
  phone: onText(phone),
  trim: onText((text) => text.trim()),
  upper: onText((text) => text.toUpperCase()),
  lower: onText((text) => text.toLowerCase()),
  email: onText((text) => (/^[^\s@]+@[^\s@]+$/.test(text.trim()) ? text.trim().toLowerCase() : undefined)),
  number: (value) => (typeof value === 'string' ? number(value) : undefined),
  text: (value) => (typeof value === 'object' ? undefined : String(value) || undefined),
  'id-nat-st': onText((finess) => (/^[0-9AB]{9}$/.test(finess) ? idNatStOfFiness(finess) : undefined)),
  'id-nat-ps': onText((rpps) => (checkRpps(rpps) === 'wrong-form' ? undefined : idNatPsOfRpps(rpps))),
};
