/**
 * Kills real gateways at random moments and counts what is lost or doubled at real hospitals.
 *   node test/reliability/kill.ts [--times 20] [--seed N] [--hapi | --sandbox] [--ids client|server] [--json]
 *     --apply N, --referral N   other numbers of rounds for one part
 *     --database-server         the server of DATABASE_URL, or one of its own, instead of an embedded one
 * Exit 1 when anything was lost, doubled, wrong or stuck.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { HapiUnavailable } from '../hapi/unavailable.ts';
import { playRounds } from './rounds.ts';
import { isKept, line, totalOf } from './verdict.ts';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    apply: { type: 'string' },
    referral: { type: 'string' },
    seed: { type: 'string' },
    hapi: { type: 'boolean', default: false },
    sandbox: { type: 'boolean', default: false },
    ids: { type: 'string', default: 'client' },
    'database-server': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
const hospitals = values.sandbox ? 'sandbox' : 'hapi';
const say = (value: object, text: string): void => console.log(values.json ? JSON.stringify(value) : text);
say({ seed, hospitals, ids: values.ids }, `seed ${seed}, ${hospitals}, ids chosen by the ${values.ids}`);
try {
  const verdicts = await playRounds({
    ...{ hospitals, seed, ids: values.ids === 'server' ? 'server' : 'client' },
    applies: Number(values.apply ?? values.times),
    referrals: Number(values.referral ?? values.times),
    databaseServer: values['database-server'],
    tell: (verdict) => say(verdict, line(verdict)),
  });
  const totals = (['apply', 'referral', 'count'] as const).map((part) => totalOf(part, verdicts));
  if (values.json) say({ totals }, '');
  else console.table(totals);
  process.exitCode = verdicts.every(isKept) ? 0 : 1;
} catch (error) {
  console.error(error instanceof HapiUnavailable ? error.message : error);
  process.exitCode = 1;
}
