import type { Scenario } from '../../../bench/scenario.ts';

export const scenario: Scenario = { run: () => Promise.reject(new Error('broken on purpose')) };
