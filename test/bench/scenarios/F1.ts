import type { Scenario } from '../../../bench/scenario.ts';

export const scenario: Scenario = {
  run: async ({ quick }) => [
    {
      ...{ id: 'F1', what: 'tiny', unit: 'ms', warmUp: 1, goal: { atMost: 25 } },
      values: quick ? [10] : [30, 10, 20, 40, 20],
      peer: { name: 'slow', values: [100] },
      limit: { name: 'physics', values: [4, 6] },
    },
    {
      id: 'F1',
      what: 'later',
      unit: 'MiB',
      warmUp: 0,
      goal: { atLeast: 9 },
      values: [],
      note: 'not measured yet',
    },
  ],
};
