/** P1: cold load of a million roles with their persons and half a million organisations, from extract and FINESS file. */
import { testValidator } from '../../test/validator.ts';
import { rolesOf, onStage, timed } from '../directory/stage.ts';
import { rowByRow, sampleOf } from '../directory/sample.ts';
import type { Scenario } from '../scenario.ts';
import { createMedplum } from '../validation/medplum.ts';

export const scenario: Scenario = {
  run: ({ quick }) => {
    const roles = rolesOf(quick);
    return onStage(roles, async ({ url, size, extract, finess, night }) => {
      const hashed = await timed('sha256sum', [extract, finess]);
      const load = await night(`extract=${extract}`, `finess=${finess}`);
      const records = load.touched;
      const sample = await sampleOf(url, quick ? 500 : 10_000);
      const validator = await testValidator();
      const invalid = sample.filter((one) =>
        validator.validate(one).some(({ severity }) => severity === 'error' || severity === 'fatal'),
      ).length;
      const refuses = createMedplum();
      const few = sample.slice(0, quick ? 50 : 1000);
      const start = performance.now();
      for (const resource of few) {
        const profile = resource.meta!.profile![0]!.split('/').at(-1)!;
        refuses({ profile, resource } as Parameters<typeof refuses>[0]);
      }
      const medplum = ((performance.now() - start) / few.length) * records;
      const naive = await rowByRow(url, quick ? 200 : 5000, records);
      const what = `cold load of ${roles} roles and ${size.practices + size.sites} organisations`;
      const base = { id: 'P1', warmUp: 0 } as const;
      return [
        {
          ...base,
          ...{ what, unit: 'ms', values: [load.ms], ...(quick ? {} : { goal: { atMost: 60_000 } }) },
          peer: { name: 'the same rows inserted one by one, extrapolated from a sample', values: [naive] },
          limit: { name: 'sha256sum of the files', values: [hashed] },
          note: `${records} records stored and indexed, in one process beside an embedded PostgreSQL`,
        },
        {
          ...base,
          ...{
            what: 'validation alone of as many resources by Medplum, extrapolated from a sample',
            unit: 'ms',
          },
          values: [medplum],
        },
        {
          ...base,
          ...{ what: 'peak resident memory of the loading process', unit: 'MiB', values: [load.peakMiB] },
          goal: { atMost: 512 },
        },
        {
          ...base,
          ...{
            what: `served resources that are invalid, of ${sample.length}`,
            unit: '%',
            goal: { atMost: 0 },
          },
          values: [(100 * invalid) / sample.length],
        },
      ];
    });
  },
};
