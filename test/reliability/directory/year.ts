/**
 * Days of an emulated national directory, synchronised every night with kills, compared every morning with what an ideal
 * reader could know.
 *   node test/reliability/directory/year.ts [--days 365] [--roles 100000] [--seed N] [--kills 0.3] [--scenario FILE]
 * Exit 1 when a day differed.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { playNights } from './nights.ts';
import { everyQuirk } from './scenario.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '365' },
    roles: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    kills: { type: 'string', default: '0.3' },
    scenario: { type: 'string', default: 'examples/emulator/every-quirk.yaml' },
  },
});

const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
const scenario = everyQuirk(readFileSync(values.scenario, 'utf8'), values.scenario, {
  ...{ seed, roles: Number(values.roles), days: Number(values.days) },
});
const sum = { seed, days: 0, kills: 0, requests: 0, wrongDays: 0, falseClosures: 0, processorSeconds: 0 };
await playNights({
  ...{ scenario, seed, days: Number(values.days), kills: Number(values.kills) },
  tell: ({ differences, ...night }) => {
    sum.days += 1;
    const { user, system } = process.cpuUsage();
    sum.processorSeconds = Math.round((user + system) / 1e6);
    sum.kills += night.kills;
    sum.requests += night.requests;
    sum.wrongDays += differences.length > 0 ? 1 : 0;
    sum.falseClosures += differences.filter(({ what }) => what === 'false closure').length;
    console.log(
      JSON.stringify({
        ...{ ...night, differences: differences.length, first: differences.slice(0, 3) },
        ...{ processorSeconds: sum.processorSeconds },
      }),
    );
  },
});
console.log(JSON.stringify(sum));
process.exitCode = sum.wrongDays > 0 ? 1 : 0;
