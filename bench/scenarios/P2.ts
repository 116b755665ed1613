/** P2: the next day's extract, one line in a thousand changed, all lines shuffled. */
import { writeExtractOf } from '../directory/files.ts';
import { onStage, rolesOf, timed } from '../directory/stage.ts';
import type { Scenario } from '../scenario.ts';

const oneIn = 1000;

export const scenario: Scenario = {
  run: ({ quick }) => {
    const roles = rolesOf(quick);
    return onStage(roles, async ({ folder, size, extract, night }) => {
      await night(`extract=${extract}`);
      const next = await writeExtractOf(folder, size, { date: '202611280800', turn: 5, changed: oneIn });
      const day = await night(`extract=${next}`);
      const compare = `export LC_ALL=C; sort "$1" > "$1.s"; sort "$2" > "$2.s"; comm -3 "$1.s" "$2.s" | wc -l`;
      const sorted = await timed('sh', ['-c', compare, 'sh', extract, next]);
      const changes = Math.ceil(roles / oneIn);
      const base = { id: 'P2', warmUp: 0 } as const;
      return [
        {
          ...base,
          ...{
            what: `next day of ${roles} roles, ${changes} changed, shuffled`,
            unit: 'ms',
            values: [day.ms],
          },
          ...(quick ? {} : { goal: { atMost: 10_000 } }),
          peer: { name: 'sort and comm of the two files', values: [sorted] },
        },
        {
          ...base,
          ...{
            what: 'records touched for each line that changed',
            unit: '×',
            values: [day.touched / changes],
          },
          goal: { atMost: 3 },
        },
        {
          ...base,
          ...{ what: 'peak resident memory', unit: 'MiB', values: [day.peakMiB], goal: { atMost: 512 } },
        },
      ];
    });
  },
};
