/** Working days and due times in a zone, holidays as data: pure, and right on the days when the clock is moved. */
import { type Day, dayOf, instantsOf, nextDay } from '../fhir/zone.ts';

/** `fixed`: `MM-DD` every year; `easter`: days after Easter Sunday. */
export type Calendar = { zone: string; holidays: { fixed: readonly string[]; easter: readonly number[] } };

/** A time allowed: elapsed hours, calendar days or working days; the last two end at midnight of the n-th day. */
export type Within = { hours: number } | { days: number } | { workingDays: number };

const hourMs = 3_600_000;
/** Ten years: no time allowed is longer, and network files that ask for more are refused (`mappings/network.schema.json`). */
const mostDays = 3660;

/** The instant until which something begun at `start` is in time, in milliseconds. Throws for a time that is no number. */
export function dueAt(start: number, within: Within, calendar: Calendar): number {
  if ('hours' in within) return start + atMost(within.hours, mostDays * 24) * hourMs;
  const counts =
    'days' in within ? (): boolean => true : (day: Day): boolean => isWorkingDay(day, calendar.holidays);
  const wanted = atMost('days' in within ? within.days : within.workingDays, mostDays);
  let day = dayOf(start, calendar.zone);
  for (let left = wanted; left > 0;) {
    day = nextDay(day);
    if (counts(day)) left -= 1;
  }
  const { shown, shifted } = instantsOf(nextDay(day), 0, 0, calendar.zone);
  return shown[0] ?? shifted;
}

/** What was published before longer times were refused ends with the longest. */
function atMost(wanted: number, most: number): number {
  if (!(wanted >= 0)) throw new RangeError('no time allowed');
  return Math.min(wanted, most);
}

/** Monday to Friday and no holiday. */
export function isWorkingDay(day: Day, holidays: Calendar['holidays']): boolean {
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !isHoliday(day, holidays);
}

function isHoliday({ year, month, day }: Day, { fixed, easter }: Calendar['holidays']): boolean {
  const two = (number: number): string => String(number).padStart(2, '0');
  if (fixed.includes(`${two(month)}-${two(day)}`)) return true;
  const sunday = easterSunday(year);
  const away =
    (Date.UTC(year, month - 1, day) - Date.UTC(sunday.year, sunday.month - 1, sunday.day)) / 86_400_000;
  return easter.includes(away);
}

/** Easter Sunday of the Gregorian calendar: the Sunday after the ecclesiastical full moon (Meeus, Astronomical Algorithms, ch. 8). */
export function easterSunday(year: number): Day {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const sum = epact + weekday - 7 * late + 114;
  return { year, month: Math.floor(sum / 31), day: (sum % 31) + 1 };
}
