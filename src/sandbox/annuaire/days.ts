/** Days turning: time reaches a new day, the population lives it, the journal tells it. */
import type { Journal } from './journal.ts';
import type { DayTold, ForcedEvent, Population } from './population/types.ts';
import type { ScheduledDay } from './scenario/types.ts';
import { dayMs, type DirectoryTime } from './time.ts';

export type Days = {
  /** Lives every day that time has reached, unless held; tells them. */
  settle(): DayTold[];
  /** Puts time forward by whole days and lives them. */
  advance(days: number): DayTold[];
  /** What happens when the next day turns, beside what is scheduled. */
  force(events: readonly ForcedEvent[]): void;
};

export type DaysParts = {
  population: Population;
  time: DirectoryTime;
  journal: Journal;
  scheduled: ReadonlyMap<string, ScheduledDay>;
  /** Whether days wait: something is being read that must be of one day. */
  held: () => boolean;
  /** Called before the population changes. */
  before: () => void;
  /** Called when a day was lived, with its date. */
  after: (date: string) => void;
};

export function createDays({ population, time, journal, scheduled, held, before, after }: DaysParts): Days {
  let forced: ForcedEvent[] = [];

  function settle(): DayTold[] {
    const told: DayTold[] = [];
    while (!held() && population.dayNumber - population.startNumber < time.day()) {
      before();
      const date = population.dateOf(population.dayNumber + 1);
      const day = scheduled.get(date);
      if (day?.content || day?.life) {
        population.change({
          ...(day.content ? { quirks: day.content } : {}),
          ...(day.life ? { rates: day.life } : {}),
        });
      }
      const events = [...(day?.events ?? []), ...forced];
      forced = [];
      const lived = population.advance(events);
      journal.add({
        date,
        day: population.dayNumber - population.startNumber,
        told: lived,
        forced: events,
      });
      told.push(lived);
      after(date);
    }
    return told;
  }

  return {
    settle,
    advance(days) {
      const told = settle();
      for (let done = 0; done < days; done += 1) {
        time.advance(dayMs);
        told.push(...settle());
      }
      return told;
    },
    force: (events) => void forced.push(...events),
  };
}
