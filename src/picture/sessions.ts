/** When a team meets, in French: R4's Timing, with which of the weekdays of a month it is beside it. */
import type { Timing } from '../fhir/types.ts';
import { dateText, periodText } from './concepts.ts';

/** R4 days-of-week. */
const weekdays: Readonly<Record<string, string>> = {
  mon: 'lundi',
  tue: 'mardi',
  wed: 'mercredi',
  thu: 'jeudi',
  fri: 'vendredi',
  sat: 'samedi',
  sun: 'dimanche',
};

const ranks = ['premier', 'deuxième', 'troisième', 'quatrième', 'cinquième'];

/** `toutes les 2 semaines, le mardi, à 18 h, 1 h 30`; of dates, those from the day `at` on. Empty when nothing is left to say. */
export function timingText({ event, repeat }: Timing, rank: number | undefined, at: string): string {
  const coming = (event ?? []).filter((date) => date >= at.slice(0, date.length)).map(dateText);
  if (event?.length && !coming.length) return '';
  const { dayOfWeek = [], timeOfDay = [], duration, durationUnit } = repeat ?? {};
  const days = dayOfWeek.map((code) => weekdays[code] ?? code);
  return [
    coming.join(', '),
    days.length ? onDays(days.join(' et '), rank, repeat!) : '',
    timeOfDay.length ? `à ${timeOfDay.map(hourText).join(' et ')}` : '',
    duration !== undefined && durationUnit === 'min' ? minutesText(duration) : '',
    periodText(repeat?.boundsPeriod) ?? '',
  ]
    .filter(Boolean)
    .join(', ');
}

function onDays(
  days: string,
  rank: number | undefined,
  { period, periodUnit }: NonNullable<Timing['repeat']>,
): string {
  if (rank !== undefined) return `le ${ranks[rank - 1] ?? `${rank}e`} ${days} du mois`;
  if (periodUnit !== 'wk' || period === undefined) return `le ${days}`;
  return period === 1 ? `chaque semaine, le ${days}` : `toutes les ${period} semaines, le ${days}`;
}

function hourText(time: string): string {
  const [hours, minutes] = time.split(':');
  return minutes === '00' ? `${Number(hours)} h` : `${Number(hours)} h ${minutes}`;
}

function minutesText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, '0')}` : `${hours} h`;
}
