/** What the codes, dates and periods of a resource say in French. */
import type { CodeableConcept, Extension, Period, Reference } from '../fhir/types.ts';

const months = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(
  ' ',
);

/** The French text of a concept; undefined for codes that only programs read. */
export function textOf(concept: CodeableConcept | undefined): string | undefined {
  return concept?.text ?? concept?.coding?.find((coding) => coding.display)?.display;
}

/** Texts of concepts, each once. */
export function textsOf(concepts: readonly (CodeableConcept | undefined)[] | undefined): string[] {
  return [...new Set((concepts ?? []).map(textOf).filter((text) => text !== undefined))];
}

/** Texts that begin alike (`Collaboration : a`, `Collaboration : b`) as one. */
export function gathered(texts: readonly string[]): string[] {
  const byLabel = new Map<string, string[]>();
  for (const text of texts) {
    const [, label, rest] = /^([^:]+ : )(.+)$/s.exec(text) ?? [];
    const key = label ?? text;
    byLabel.set(key, [...(byLabel.get(key) ?? []), ...(rest === undefined ? [] : [rest])]);
  }
  return [...byLabel].map(([label, rests]) => `${label}${rests.join(', ')}`);
}

/** A text that begins a line. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `22 novembre 2026`, `mars 2024`, `2015`. */
export function dateText(date: string): string {
  const [year, month, day] = date.slice(0, 10).split('-');
  if (!month) return date;
  const name = months[Number(month) - 1];
  if (!name) return date;
  return day ? `${day === '01' ? '1er' : Number(day)} ${name} ${year}` : `${name} ${year}`;
}

/** `depuis le 3 mars 2024`, `du … au …`, `jusqu’en 2025`; undefined for a period without ends. */
export function periodText(period: Period | undefined): string | undefined {
  const { start, end } = period ?? {};
  const day = (date: string): boolean => date.length >= 10;
  if (start && end)
    return `${day(start) ? 'du ' : 'de '}${dateText(start)} ${day(end) ? 'au' : 'à'} ${dateText(end)}`;
  if (start) return `depuis ${day(start) ? 'le ' : ''}${dateText(start)}`;
  if (end) return `jusqu’${day(end) ? 'au' : 'en'} ${dateText(end)}`;
  return undefined;
}

/** Whether a period holds on a day; both ends belong to it, and a month or year holds with all its days. */
export function inForce(period: Period | undefined, at: string): boolean {
  const { start, end } = period ?? {};
  const upTo = (date: string): string => at.slice(0, date.length);
  return (!start || start <= upTo(start)) && (!end || end.slice(0, 10) >= upTo(end.slice(0, 10)));
}

/** A fact told by an extension of several parts: what, since when or for how long, and what it rests on. */
export type Fact = { text: string; date?: string; period?: Period; evidence?: Reference };

/** Facts among extensions: those whose parts are a concept with a date (a stage) or with a period (an agreement). */
export function factsOf(extensions: readonly Extension[] | undefined): Fact[] {
  return (extensions ?? []).flatMap(({ extension: parts }) => {
    if (parts?.some((part) => part.valueRatio)) return [];
    const text = parts?.map((part) => textOf(part.valueCodeableConcept)).find((found) => found);
    if (!text) return [];
    const date = parts?.map((part) => part.valueDate).find((found) => found);
    const period = parts?.map((part) => part.valuePeriod).find((found) => found);
    const evidence = parts?.map((part) => part.valueReference).find((found) => found);
    return [
      { text, ...(date ? { date } : {}), ...(period ? { period } : {}), ...(evidence ? { evidence } : {}) },
    ];
  });
}

/** Figures among extensions: a share of something, as it was counted on a day. */
export function sharesOf(extensions: readonly Extension[] | undefined): string[] {
  return (extensions ?? []).flatMap(({ extension: parts }) => {
    const { numerator, denominator } = parts?.find((part) => part.valueRatio)?.valueRatio ?? {};
    const of = parts?.map((part) => textOf(part.valueCodeableConcept)).find((found) => found);
    const date = parts?.map((part) => part.valueDate).find((found) => found);
    if (numerator?.value === undefined || denominator?.value === undefined || !of) return [];
    const percent =
      denominator.value > 0 ? ` (${Math.round((100 * numerator.value) / denominator.value)} %)` : '';
    return [
      `${of} : ${numerator.value} sur ${denominator.value}${percent}${date ? `, ${dateText(date)}` : ''}`,
    ];
  });
}
