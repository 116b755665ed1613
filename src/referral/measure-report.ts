/** A network's own indicators (the Measures it publishes) with the values its referrals give them (FHIR R4 MeasureReport). */
import type { AnyResource, Coding } from '../fhir/types.ts';
import type { CountName, StatisticsRules } from './statistics.ts';

/** FHIR dates, both included. */
export type ReportPeriod = { start: string; end: string };

type Population = { code?: { coding?: Coding[] } };

/** One report a Measure; a Measure that counts something we do not know gets none. */
export function measureReports(
  measures: readonly AnyResource[],
  counts: Readonly<Record<CountName, number>>,
  { system, counts: names }: StatisticsRules,
  period: ReportPeriod,
  now: Date,
): AnyResource[] {
  return measures.flatMap((measure) => {
    const [group] = (measure['group'] ?? []) as { population?: Population[] }[];
    const populations = (group?.population ?? []).map(({ code }) => {
      const name = code?.coding?.find((coding) => coding.system === system)?.code;
      return { code, count: name && names[name] ? counts[names[name]] : undefined };
    });
    if (populations.length === 0 || populations.some(({ count }) => count === undefined)) return [];
    const [one, other] = populations;
    const score = other?.count ? one!.count! / other.count : undefined;
    return [
      {
        resourceType: 'MeasureReport',
        status: 'complete',
        type: 'summary',
        measure: measure['url'],
        date: now.toISOString(),
        period,
        group: [
          {
            population: populations,
            ...(score === undefined ? {} : { measureScore: { value: Math.round(score * 1000) / 1000 } }),
          },
        ],
      },
    ];
  });
}
