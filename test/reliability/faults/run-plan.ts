/** Everything that a seed decides about a run beside the single faults; printed with it, so that it can be played again. */
import { type FaultOptions, optionsOf } from '../proxy/draw.ts';
import { seeded } from '../random.ts';
import type { Strike } from './keeper.ts';

export type RunPlan = {
  seed: number;
  story: string;
  /** Faults of the way to each hospital. */
  ways: { psychiatrie: FaultOptions; ville: FaultOptions };
  /** Faults stop when the story has come this far, or after this time. */
  until: { step: string; ms: number };
  /** Who is killed, so long after the way to the hospitals carried so many requests of the run. */
  strikes: { what: Strike; afterRequests: number; ms: number }[];
};

const steps = ['accepted', 'planned', 'consulted', 'documented', 'completed', 'closed'];

/** The plan of a seed; stories take turns. */
export function planOf(seed: number, stories: readonly string[]): RunPlan {
  const random = seeded(seed);
  const strikes = Array.from({ length: random.below(4) }, () => ({
    what: random.pick(['gateway', 'gateway', 'gateway', 'both', 'database'] as const),
    ...{ afterRequests: random.below(25), ms: random.below(60) },
  }));
  return {
    ...{ seed, story: stories[seed % stories.length]! },
    ways: { psychiatrie: optionsOf(2 * seed), ville: optionsOf(2 * seed + 1) },
    until: { step: random.pick(steps), ms: 3_000 + random.below(9_000) },
    strikes: strikes.sort((a, b) => a.afterRequests - b.afterRequests),
  };
}
