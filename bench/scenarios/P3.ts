/** P3: the same content in a new file: lines shuffled, another date in the name. */
import { writeExtractOf } from '../directory/files.ts';
import { onStage, rolesOf, timed } from '../directory/stage.ts';
import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
  run: ({ quick }) => {
    const roles = rolesOf(quick);
    return onStage(roles, async ({ folder, size, extract, night }) => {
      await night(`extract=${extract}`);
      const times: number[] = [];
      const hashed: number[] = [];
      let touched = 0;
      for (let turn = 2; turn < (quick ? 3 : 5); turn += 1) {
        const same = await writeExtractOf(folder, size, { date: `202611${turn + 26}0800`, turn });
        hashed.push(await timed('sha256sum', [same]));
        const night_ = await night(`extract=${same}`);
        times.push(night_.ms);
        touched += night_.touched;
      }
      const ratios = times.map((ms, index) => ms / hashed[index]!);
      const base = { id: 'P3', warmUp: 0 } as const;
      return [
        {
          ...base,
          ...{ what: `the same ${roles} roles in a new file, in times of sha256sum of it`, unit: '×' },
          ...(quick ? {} : { goal: { atMost: 4 } }),
          values: ratios,
        },
        {
          ...base,
          ...{ what: `the same ${roles} roles in a new file`, unit: 'ms', values: times },
          limit: { name: 'sha256sum', values: hashed },
        },
        { ...base, ...{ what: 'records touched', unit: '×', values: [touched], goal: { atMost: 0 } } },
      ];
    });
  },
};
