/** What a network's referrals come to, read off their ledgers: counts and delays, no patient in sight. Pure. */
import type { ReferralEvent } from '../store/referrals.ts';
import { namedEvent } from './closed-people.ts';
import { type Milestone, reached } from './milestones.ts';

/** Each counts referrals, but consultations and syntheses. */
export const countNames = [
  'referred', // accepted by the gateway
  'open', // not closed by anybody
  'refused',
  'seen', // at least one consultation
  'reoriented', // seen, a next performer named and the synthesis delivered
  'completed', // everything is where it belongs
  'left', // taken on, ended without that
  'consultations',
  'syntheses', // delivered, each once
] as const;
export type CountName = (typeof countNames)[number];

export type DelayRule = { id: string; title: string; from: Milestone; until: Milestone };

/** `mappings/exchange/statistics.yaml`. */
export type StatisticsRules = {
  system: string;
  counts: Readonly<Record<string, CountName>>;
  delays: readonly DelayRule[];
};

/** Days; over the `n` referrals that went from one end to the other. */
export type Delay = { id: string; title: string; n: number; medianDays?: number };

export type Statistics = { counts: Record<CountName, number>; delays: Delay[] };

export type Counted = { events: readonly ReferralEvent[]; closedAt: Date | null };

const dayMs = 86_400_000;

/** Counts and delays of these referrals together. */
export function statisticsOf(
  referrals: readonly Counted[],
  rules: Pick<StatisticsRules, 'delays'>,
): Statistics {
  const all = referrals.map(countsOf);
  const counts = Object.fromEntries(
    countNames.map((name) => [name, all.reduce((sum, one) => sum + one[name], 0)]),
  ) as Record<CountName, number>;
  const times = referrals.map(({ events }) => reached(events).at);
  const delays = rules.delays.map(({ id, title, from, until }): Delay => {
    const days = times
      .flatMap(({ [from]: start, [until]: end }) => (start && end ? [end.getTime() - start.getTime()] : []))
      .map((ms) => ms / dayMs)
      .sort((a, b) => a - b);
    const median = medianOf(days);
    return { id, title, n: days.length, ...(median === undefined ? {} : { medianDays: median }) };
  });
  return { counts, delays };
}

function countsOf({ events, closedAt }: Counted): Record<CountName, number> {
  const { at } = reached(events);
  const of = (kind: string): ReferralEvent[] => events.filter((event) => event.kind === kind);
  const refused = of('task').some(({ detail }) => (detail as { to?: string }).to === 'rejected');
  const delivered = new Set(
    of('document-delivered').map(({ detail }) => (detail as { document?: string }).document),
  );
  const seen = at.seen !== undefined;
  const yes = (fact: boolean): number => (fact ? 1 : 0);
  return {
    referred: 1,
    open: yes(closedAt === null),
    refused: yes(refused),
    seen: yes(seen),
    reoriented: yes(seen && of(namedEvent).length > 0 && delivered.size > 0),
    completed: yes(at.completed !== undefined),
    left: yes(at.taken !== undefined && at.ended !== undefined && at.completed === undefined),
    consultations: of('consultation').length,
    syntheses: delivered.size,
  };
}

/** To a tenth of a day; the mean of the two in the middle when there is none. */
function medianOf(sorted: readonly number[]): number | undefined {
  if (sorted.length === 0) return undefined;
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
  return Math.round(middle * 10) / 10;
}
