import type { Measure } from './row.ts';

/** How much is measured; at most one is true. */
export type Extent = { quick: boolean; long: boolean };

/** One file of `bench/scenarios/`, named by its id. */
export type Scenario = {
  /**
   * Measures and answers its figures, in some minutes; with `quick` in at most half a minute, with fewer repetitions and no slow
   * peer; with `long` as the goals' table asks for what takes long (P11: ten minutes of load).
   */
  run(options: Extent): Promise<Measure[]>;
};
