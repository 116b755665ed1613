/** What a network's referrals come to, read off their ledgers: counts, shares and delays, no patient in sight. Pure. */
import type { Coding } from '../fhir/types.ts';
import { shareCoding } from '../fhir/coding.ts';
import type { ReferralEvent } from '../store/referrals.ts';
import { namedEvent } from './closed-people.ts';
import { type Milestone, reached } from './milestones.ts';
import { planStarted } from './plan-started.ts';
import type { Step } from './plan-steps.ts';

/** Each counts referrals, but consultations, prevention and syntheses. */
export const countNames = [
  'referred', // accepted by the gateway
  'withoutGp', // the patient declared no médecin traitant; an earlier release did not note it
  'open', // not closed by anybody
  'refused',
  'seen', // at least one consultation
  'reoriented', // seen, a next performer named and the synthesis delivered
  'completed', // everything is where it belongs
  'left', // taken on, ended without that
  'consultations',
  'prevention', // activities of prevention, each once
  'syntheses', // delivered, each once
] as const;
export type CountName = (typeof countNames)[number];

/** `code`: of an indicator that gives its median. */
export type DelayRule = { id: string; code: string; title: string; from: Milestone; until: Milestone };

export type ShareRule = { id: string; title: string; of: CountName; among: CountName };

/** `mappings/exchange/statistics.yaml`. */
export type StatisticsRules = {
  system: string;
  counts: Readonly<Record<string, CountName>>;
  shares: readonly ShareRule[];
  /** What is carried out in a step of this activity is no consultation. */
  prevention: Coding;
  delays: readonly DelayRule[];
  /** Of a delay. */
  unit: { unit: string; system: string; code: string };
};

/** Days; over the `n` referrals that went from one end to the other. */
export type Delay = { id: string; title: string; n: number; medianDays?: number };

/** `share`: to a thousandth; absent where there is nothing to share. */
export type Share = { id: string; title: string; n: number; among: number; share?: number };

export type Statistics = { counts: Record<CountName, number>; shares: Share[]; delays: Delay[] };

export type Counted = { events: readonly ReferralEvent[]; closedAt: Date | null };

const dayMs = 86_400_000;

/** Of these referrals together. */
export function statisticsOf(
  referrals: readonly Counted[],
  rules: Pick<StatisticsRules, 'delays' | 'shares' | 'prevention'>,
): Statistics {
  const all = referrals.map((one) => countsOf(one, rules.prevention));
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
  const shares = rules.shares.map(({ id, title, of, among }): Share => {
    const [n, all] = [counts[of], counts[among]];
    return { id, title, n, among: all, ...(all ? { share: shareOf(n, all) } : {}) };
  });
  return { counts, shares, delays };
}

/** To a thousandth. */
export function shareOf(n: number, all: number): number {
  return Math.round((n / all) * 1000) / 1000;
}

function countsOf({ events, closedAt }: Counted, prevention: Coding): Record<CountName, number> {
  const { at } = reached(events);
  const of = (kind: string): ReferralEvent[] => events.filter((event) => event.kind === kind);
  const held = of('consultation').length;
  const prevented = preventionIn(events, prevention);
  const refused = of('task').some(({ detail }) => (detail as { to?: string }).to === 'rejected');
  const delivered = new Set(
    of('document-delivered').map(({ detail }) => (detail as { document?: string }).document),
  );
  const seen = at.seen !== undefined;
  const yes = (fact: boolean): number => (fact ? 1 : 0);
  return {
    referred: 1,
    withoutGp: yes(
      of('accepted').some(({ detail }) => (detail as { declared?: string[] }).declared?.length === 0),
    ),
    open: yes(closedAt === null),
    refused: yes(refused),
    seen: yes(seen),
    reoriented: yes(seen && of(namedEvent).length > 0 && delivered.size > 0),
    completed: yes(at.completed !== undefined),
    left: yes(at.taken !== undefined && at.ended !== undefined && at.completed === undefined),
    consultations: held - prevented,
    prevention: prevented,
    syntheses: delivered.size,
  };
}

/** What was carried out of steps that are prevention by the plan of then. */
function preventionIn(events: readonly ReferralEvent[], prevention: Coding): number {
  const steps = new Set<string>();
  let count = 0;
  for (const { kind, detail } of events) {
    const told = detail as { step?: string; steps?: Step[] } | null;
    if (kind === planStarted)
      for (const { id, activity = [] } of told?.steps ?? [])
        if (shareCoding(activity, [prevention])) steps.add(id);
    if (kind === 'consultation' && steps.has(told?.step ?? '')) count += 1;
  }
  return count;
}

/** To a tenth of a day; the mean of the two in the middle when there is none. */
function medianOf(sorted: readonly number[]): number | undefined {
  if (sorted.length === 0) return undefined;
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
  return Math.round(middle * 10) / 10;
}
