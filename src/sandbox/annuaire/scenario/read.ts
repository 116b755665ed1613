/** A scenario file as the emulator takes it, or all its faults at once with their lines and columns. */
import type { Issue } from '../../../fhir/issue.ts';
import type { ForcedEvent, LifeRates, Pinned, Quirks as ContentChances } from '../population/types.ts';
import { faultsOf } from './check.ts';
import { defaultScenario } from './default.ts';
import { readLocated } from './located.ts';
import { quirkSettingsOf, type WrittenQuirk } from './quirks.ts';
import type { ChangingChances, PageSettings, QuotaSettings, Scenario, ScheduledDay } from './types.ts';
import { dateOfDay, isDate } from './when.ts';

/** What the command line says instead of the file. */
export type Overrides = { seed?: number; roles?: number; start?: string; daySeconds?: number };

export type WrittenQuotas = Partial<
  Record<'perSecond' | 'perMinute', number | 'off'> & { retryAfter: boolean }
>;

type Written = Overrides & {
  keys?: string[];
  quotas?: WrittenQuotas;
  pages?: Partial<PageSettings>;
  windowDays?: number;
  content?: Partial<ContentChances>;
  life?: Partial<LifeRates>;
  pinned?: Pinned;
  quirks?: WrittenQuirk[];
  days?: WrittenDay[];
};

type WrittenDay = {
  day: number | string;
  events?: ForcedEvent[];
  quirks?: WrittenQuirk[];
  content?: ChangingChances;
  life?: Partial<LifeRates>;
};

/** `today` (`YYYY-MM-DD`) is where a scenario without `start` begins. */
export function readScenario(
  text: string,
  file: string,
  today: string,
  overrides: Overrides = {},
): { scenario?: Scenario; issues: Issue[] } {
  const { located, issues } = readLocated(text, file);
  if (!located) return { issues };
  const fault = (pointer: string, message: string): Issue => ({
    ...{ severity: 'error', code: 'value', message },
    source: located.positionOf(pointer),
  });
  const faults = faultsOf(located.data).map(({ pointer, message }) => fault(pointer, message));
  if (faults.length) return { issues: faults };
  const written = { ...(located.data as Written), ...overrides };
  const base = defaultScenario(written.start ?? today);
  if (!isDate(base.start)) return { issues: [fault('/start', '« start » : ce jour n’existe pas.')] };

  const found: Issue[] = [];
  const quirks = (written.quirks ?? []).flatMap((one, index) => {
    const { settings, wrong } = quirkSettingsOf(one, base.start);
    if (wrong)
      found.push(
        fault(
          `/quirks/${index}/${wrong}`,
          `« ${wrong} » : ce jour ou cet instant n’existe pas, ou « to » précède « from ».`,
        ),
      );
    return settings;
  });
  const days = new Map<string, ScheduledDay>();
  (written.days ?? []).forEach((one, index) => {
    const date = dateOfDay(one.day, base.start);
    if (date === undefined || date <= base.start || days.has(date)) {
      found.push(
        fault(`/days/${index}/day`, '« day » : un jour qui existe, après le premier, une seule fois.'),
      );
      return;
    }
    const { content, life } = one;
    days.set(date, { events: one.events ?? [], ...(content ? { content } : {}), ...(life ? { life } : {}) });
    for (const quirk of one.quirks ?? []) {
      quirks.push(...quirkSettingsOf({ ...quirk, from: date, to: date }, base.start).settings);
    }
  });
  if (found.length) return { issues: found };
  return { scenario: { ...base, ...shaped(written), quirks, days }, issues: [] };
}

/** Quotas with `off` as no limit at all. */
export function quotasOf(written: WrittenQuotas, base: QuotaSettings): QuotaSettings {
  const merged = { ...base, ...written };
  return {
    retryAfter: merged.retryAfter,
    ...(typeof merged.perSecond === 'number' ? { perSecond: merged.perSecond } : {}),
    ...(typeof merged.perMinute === 'number' ? { perMinute: merged.perMinute } : {}),
  };
}

function shaped(written: Written): Partial<Scenario> {
  const { seed, roles, daySeconds, keys, windowDays, content, life, pinned } = written;
  const base = defaultScenario('');
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(roles === undefined ? {} : { roles }),
    ...(daySeconds === undefined ? {} : { daySeconds }),
    ...(keys ? { keys } : {}),
    ...(windowDays === undefined ? {} : { windowDays }),
    ...(content ? { content } : {}),
    ...(life ? { life } : {}),
    ...(pinned ? { pinned } : {}),
    quotas: quotasOf(written.quotas ?? {}, base.quotas),
    pages: { ...base.pages, ...written.pages },
  };
}
