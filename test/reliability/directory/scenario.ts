/** A scenario of the emulator stretched over many days, with waits that a test can afford. */
import { readScenario } from '../../../src/sandbox/annuaire/scenario/read.ts';
import type { Scenario, ScheduledDay } from '../../../src/sandbox/annuaire/scenario/types.ts';
import type { QuirkSetting } from '../../../src/sandbox/annuaire/quirks/draws.ts';

const dayMs = 86_400_000;
/** What a scenario of a month says comes again every so many days. */
const period = 30;
/** A server that hangs does so in real time: as long as a test waits for it. */
const longestWaitMs = 20;

/** Throws with every fault of the text. */
export function everyQuirk(
  text: string,
  file: string,
  { seed, roles, days }: { seed: number; roles: number; days: number },
): Scenario {
  const { scenario, issues } = readScenario(text, file, '2026-01-05', { seed, roles });
  if (!scenario) throw new Error(issues.map(({ message }) => message).join('\n'));
  const periods = Array.from({ length: Math.ceil(days / period) }, (_, index) => index * period);
  const again = new Map<string, ScheduledDay>();
  for (const shift of periods) for (const [date, one] of scenario.days) again.set(later(date, shift), one);
  return {
    ...scenario,
    days: again,
    quirks: scenario.quirks.flatMap((quirk) => periods.flatMap((shift) => shifted(quirk, shift))),
  };
}

/** The same quirk that many days later; one without a window is on all the time, once. */
function shifted(quirk: QuirkSetting, shift: number): QuirkSetting[] {
  const waits = quirk.ms === undefined ? {} : { ms: Math.min(quirk.ms, longestWaitMs) };
  if (quirk.from === undefined && quirk.to === undefined) return shift === 0 ? [{ ...quirk, ...waits }] : [];
  const move = (instant: number | undefined, name: 'from' | 'to') =>
    instant === undefined ? {} : { [name]: instant + shift * dayMs };
  return [{ ...quirk, ...waits, ...move(quirk.from, 'from'), ...move(quirk.to, 'to') }];
}

function later(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
