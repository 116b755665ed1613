/** Counts and delays of referrals by network, for those who run it. */
import { type Day, dayOf, instantsOf, nextDay } from '../fhir/zone.ts';
import { GatewayError } from '../fhir/error.ts';
import type { NetworkStatistics, ReferralOperations } from '../referral-operations.ts';
import { measureReports } from '../referral/measure-report.ts';
import { type Counted, statisticsOf } from '../referral/statistics.ts';
import type { Parts } from './parts.ts';

/** Without `from` since the first of January of the day of `to`; without `to` until today, in the zone of the rules. */
export function statisticsOperation(parts: Parts): Pick<ReferralOperations, 'referralStats'> {
  const { config, store, clock, exchanges } = parts;
  const { clocks, statistics: rules } = exchanges.rules;
  const { tenant } = config;
  return {
    async referralStats({ network, from, to }) {
      const last = to === undefined ? dayOf(clock.now(), clocks.zone) : dayIn(to);
      const first = from === undefined ? { ...last, month: 1, day: 1 } : dayIn(from);
      const start = midnight(first, clocks.zone);
      const end = midnight(nextDay(last), clocks.zone);
      if (start >= end) throw refuse('La période commence après sa fin.');
      const byNetwork = new Map<string, Counted[]>();
      const period = { from: start, to: end, ...(network === undefined ? {} : { network }) };
      for await (const page of store.referrals.accepted(tenant, period)) {
        const ledgers = await store.referrals.ledgers(
          tenant,
          page.map(({ id }) => id),
        );
        for (const { id, networkId, closedAt } of page) {
          const all = byNetwork.get(networkId) ?? byNetwork.set(networkId, []).get(networkId)!;
          all.push({ closedAt, events: ledgers.get(id) ?? [] });
        }
      }
      const told: NetworkStatistics[] = [];
      for (const [id, referrals] of [...byNetwork].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const statistics = statisticsOf(referrals, rules);
        const measures = await store.protocols.measures(tenant, id);
        const dates = { start: text(first), end: text(last) };
        const reports = measureReports(measures, statistics, rules, dates, new Date(clock.now()));
        told.push({ network: id, from: dates.start, to: dates.end, ...statistics, reports });
      }
      return told;
    },
  };
}

function dayIn(date: string): Day {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const real = new Date(Date.UTC(year, month - 1, day));
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== date)
    throw refuse(`Ce jour n’existe pas : ${date} (AAAA-MM-JJ).`);
  return { year, month, day };
}

function midnight(day: Day, zone: string): Date {
  const { shown, shifted } = instantsOf(day, 0, 0, zone);
  return new Date(shown[0] ?? shifted);
}

function text({ year, month, day }: Day): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}`;
}

function refuse(message: string): GatewayError {
  return new GatewayError({ category: 'invalid', side: 'sender', message });
}
