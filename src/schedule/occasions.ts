/**
 * When a schedule is due. node-cron reads the expression and matches its days; the instants are worked out here, because
 * occasions of the past are wanted too (a night missed while down), and every night exactly once when clocks are moved.
 */
import { createTask, parse, validateDetailed } from 'node-cron';
import { GatewayError } from '../fhir/error.ts';
import { dayMs, dayOf, instantsOf, nextDay, offsetAt, type Day } from '../fhir/zone.ts';

/** The occasions of a schedule. */
export type Calendar = {
  /** Those after one instant and up to another, in order. */
  between(after: Date, until: Date): Date[];
  /** The first after an instant; undefined when there is none for years. */
  next(after: Date): Date | undefined;
};

const farthestDays = 366 * 9; // 29 February can be eight years away

/**
 * Compiles a five-field expression (minute hour day month weekday) in a time zone; a day must match both day fields.
 * A time left out in spring runs as much later as it lies in the gap; a repeated time in autumn runs the first time,
 * unless the job runs in every hour (`*`), which then also runs in the repeated one.
 * Throws a GatewayError (`invalid`, French).
 */
export function compileCalendar(cron: string, zone: string): Calendar {
  const { minutes, hours, everyHour, isOnDay } = readExpression(cron);
  refuseUnknownZone(zone);

  const onDay = (day: Day): number[] => {
    if (!isOnDay(day)) return [];
    const found = new Set<number>();
    for (const hour of hours) {
      for (const minute of minutes) {
        const { shown, shifted } = instantsOf(day, hour, minute, zone);
        if (everyHour) shown.forEach((instant) => found.add(instant));
        else found.add(shown[0] ?? shifted);
      }
    }
    return [...found].sort((a, b) => a - b);
  };

  function* following(after: number, days: number): Generator<number> {
    let latest = after;
    let day = dayOf(after - dayMs, zone); // a time shifted out of a gap can lie on the next day
    for (let count = 0; count < days; count += 1, day = nextDay(day)) {
      for (const instant of onDay(day)) {
        if (instant <= latest) continue;
        latest = instant;
        yield instant;
      }
    }
  }

  return {
    between(after, until) {
      const found: Date[] = [];
      const days = Math.max(0, (until.getTime() - after.getTime()) / dayMs) + 3; // both ends, and the day before
      for (const instant of following(after.getTime(), days)) {
        if (instant > until.getTime()) break;
        found.push(new Date(instant));
      }
      return found;
    },
    next(after) {
      const first = following(after.getTime(), farthestDays).next();
      return first.done ? undefined : new Date(first.value);
    },
  };
}

function readExpression(cron: string) {
  const fields = cron.trim().split(/\s+/);
  const [, hour, dayOfMonth, month, weekday] = fields;
  const faults =
    fields.length === 5 ? validateDetailed(cron).errors.map(({ field }) => field) : ['nombre de champs'];
  if (faults.length) {
    throw invalid(
      `Horaire « ${cron} » refusé (${faults.join(', ')}) : cinq champs sont attendus, minute heure jour mois jour-de-semaine, par exemple « 30 2 * * * ».`,
    );
  }
  const noon = createTask(`0 12 ${dayOfMonth} ${month} ${weekday}`, () => undefined, { timezone: 'UTC' });
  void noon.destroy(); // it only matches dates: node-cron need not keep it
  const parsed = parse(cron);
  return {
    minutes: parsed.minute,
    hours: parsed.hour,
    everyHour: hour === '*',
    isOnDay: ({ year, month: number, day }: Day) => noon.match(new Date(Date.UTC(year, number - 1, day, 12))),
  };
}

function refuseUnknownZone(zone: string): void {
  try {
    offsetAt(0, zone);
  } catch (cause) {
    throw invalid(`Fuseau horaire « ${zone} » inconnu : par exemple « Europe/Paris ».`, cause);
  }
}

function invalid(message: string, cause?: unknown): GatewayError {
  return new GatewayError({ category: 'invalid', side: 'gateway', message, cause });
}
