/** What happened in the directory, day by day. */
import type { DayTold, ForcedEvent } from './population/types.ts';

export type JournalDay = {
  /** `YYYY-MM-DD`, and its number from the start, 0 the first. */
  date: string;
  day: number;
  told: DayTold;
  /** What the scenario or an admin call made happen. */
  forced: readonly ForcedEvent[];
};

export type Journal = { add(day: JournalDay): void; days(): JournalDay[] };

/** Days kept: ten years. */
const most = 3660;

export function createJournal(): Journal {
  const days: JournalDay[] = [];
  return {
    add(day) {
      days.push(day);
      if (days.length > most) days.shift();
    },
    days: () => [...days],
  };
}
