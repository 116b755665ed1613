import type { Measure } from './row.ts';

/** One file of `bench/scenarios/`, named by its id. */
export type Scenario = {
  /** Measures and answers its figures; with `quick` in at most half a minute, with fewer repetitions and no slow peer. */
  run(options: { quick: boolean }): Promise<Measure[]>;
};
