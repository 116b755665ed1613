/** What a scenario says: the size and seed of a directory, how its server behaves, and what happens on which day. */
import type { QuotaLimits } from '../http/quota.ts';
import type {
  BornQuirk,
  ForcedEvent,
  LifeRates,
  Pinned,
  Quirks as ContentChances,
} from '../population/types.ts';
import type { QuirkSetting } from '../quirks/draws.ts';
import type { PageMode } from '../search/searches.ts';

/** Chances that can change while the directory lives. */
export type ChangingChances = Partial<Omit<ContentChances, BornQuirk>>;

/** Days of the directory, `YYYY-MM-DD`; instants in ms since 1970. */
export type ScheduledDay = {
  events: readonly ForcedEvent[];
  content?: ChangingChances;
  life?: Partial<LifeRates>;
};

export type PageSettings = { max: number; over: 'cap' | 'refuse'; mode: PageMode };

export type QuotaSettings = QuotaLimits & { retryAfter: boolean };

export type Scenario = {
  seed: number;
  /** Active roles on the first day. */
  roles: number;
  start: string;
  /** Seconds of the clock that a day takes; 86400: as it is; 0: days turn only when told. */
  daySeconds: number;
  /** Absent: one, made of the seed. */
  keys?: readonly string[];
  quotas: QuotaSettings;
  pages: PageSettings;
  /** Days that `_lastUpdated` may go back. */
  windowDays: number;
  content: Partial<ContentChances>;
  life: Partial<LifeRates>;
  pinned?: Pinned;
  quirks: readonly QuirkSetting[];
  days: ReadonlyMap<string, ScheduledDay>;
};
