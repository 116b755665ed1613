/** A network's own indicators (the Measures it publishes) with the values its referrals give them (FHIR R4 MeasureReport). */
import type { AnyResource, Coding } from '../fhir/types.ts';
import { shareOf, type Statistics, type StatisticsRules } from './statistics.ts';

/** FHIR dates, both included. */
export type ReportPeriod = { start: string; end: string };

type Population = { code?: { coding?: Coding[] } };

/** One report a Measure; a Measure that counts or measures something we do not know gets none. */
export function measureReports(
  measures: readonly AnyResource[],
  statistics: Statistics,
  rules: StatisticsRules,
  period: ReportPeriod,
  now: Date,
): AnyResource[] {
  return measures.flatMap((measure) => {
    const [given] = (measure['group'] ?? []) as { population?: Population[] }[];
    const group = groupOf(given?.population ?? [], statistics, rules);
    if (!group) return [];
    return [
      {
        resourceType: 'MeasureReport',
        status: 'complete',
        type: 'summary',
        measure: measure['url'],
        date: now.toISOString(),
        period,
        group: [group],
      },
    ];
  });
}

/** A count, a share of one count in another, or a median over so many referrals (`count`). */
function groupOf(
  populations: readonly Population[],
  { counts, delays }: Statistics,
  { system, counts: names, delays: delayRules, unit }: StatisticsRules,
): object | undefined {
  const codes = populations.map(({ code }) => code?.coding?.find((coding) => coding.system === system)?.code);
  const rule = delayRules.find(({ code }) => code === codes[0]);
  const delay = delays.find(({ id }) => id === rule?.id);
  if (delay && populations.length === 1)
    return {
      population: [{ ...codeOf(populations[0]!), count: delay.n }],
      ...(delay.medianDays === undefined ? {} : { measureScore: { value: delay.medianDays, ...unit } }),
    };
  const told = populations.map((population, index) => {
    const name = names[codes[index] ?? ''];
    return { ...codeOf(population), count: name && counts[name] };
  });
  if (told.length === 0 || told.some(({ count }) => count === undefined)) return undefined;
  const [one, other] = told;
  const score = other?.count ? { measureScore: { value: shareOf(one!.count!, other.count) } } : {};
  return { population: told, ...score };
}

function codeOf({ code }: Population): Population {
  return code ? { code } : {};
}
