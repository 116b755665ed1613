/** The directory without a scenario: twenty thousand roles, nothing wrong, the quotas of the real API. */
import type { Scenario } from './types.ts';

/** `start` is a day, `YYYY-MM-DD`. */
export function defaultScenario(start: string): Scenario {
  return {
    ...{ seed: 1, roles: 20_000, start, daySeconds: 86_400 },
    quotas: { perSecond: 17, perMinute: 1000, retryAfter: false },
    pages: { max: 20_000, over: 'cap', mode: 'snapshot' },
    windowDays: 30,
    ...{ content: {}, life: {}, quirks: [], days: new Map() },
  };
}
