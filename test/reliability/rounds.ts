/** All rounds of a run: hospitals and a deployment made for it, ended with it. */
import { emptyDatabase } from '../database.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { startHospital } from '../../src/sandbox/hospital.ts';
import { startHapi } from '../hapi/start.ts';
import { both } from './both.ts';
import { playApplyRounds } from './apply-rounds.ts';
import { seeded } from './random.ts';
import { playReferralRounds } from './referral-rounds.ts';
import { type HospitalAt, makeSite } from './site.ts';
import type { Verdict } from './verdict.ts';

export type RoundsOptions = {
  hospitals: 'hapi' | 'sandbox';
  seed: number;
  applies: number;
  referrals: number;
  /** Who chooses ids at the fulfiller's hospital; the other one takes ours. */
  ids?: 'client' | 'server';
  /** Use the database server of DATABASE_URL, or the one tests share, instead of an embedded one that can be killed. */
  databaseServer?: boolean;
  tell?: (verdict: Verdict) => void;
};

/** Plays both parts; answers every verdict. */
export async function playRounds(options: RoundsOptions): Promise<Verdict[]> {
  const { seed, applies, referrals, ids = 'client', tell = () => undefined } = options;
  const start = options.hospitals === 'hapi' ? startRealHospital : startSandbox;
  const verdicts: Verdict[] = [];
  const endings: (() => Promise<void>)[] = [];
  const heard = (verdict: Verdict): void => {
    verdicts.push(verdict);
    tell(verdict);
  };
  try {
    const [psychiatrie, ville] = await both(start('client', endings), start(ids, endings));
    const database = options.databaseServer ? await emptyDatabase() : undefined;
    if (database) endings.push(() => database.close());
    const site = await makeSite({ psychiatrie, ville, ...(database ? { databaseUrl: database.url } : {}) });
    endings.push(() => site.remove());
    const random = seeded(seed);
    const knowledge = createKnowledge(shippedFolders(new URL('../../src/main.ts', import.meta.url).href));
    if (applies) await playApplyRounds({ site, knowledge, random, times: applies, tell: heard });
    if (referrals)
      await playReferralRounds({ site, random, times: referrals, name: `TOUR-${seed}`, tell: heard });
  } finally {
    for (const end of endings.reverse()) await end();
  }
  return verdicts;
}

type Start = (ids: HospitalAt['ids'], endings: (() => Promise<void>)[]) => Promise<HospitalAt>;

const startSandbox: Start = async (ids, endings) => {
  const hospital = await startHospital({ name: ids, ids });
  endings.push(() => hospital.close());
  return { base: hospital.base, ids };
};

const startRealHospital: Start = async (ids, endings) => {
  const hapi = await startHapi({ args: ids === 'server' ? ['--id-strategy=none'] : [] });
  endings.push(() => hapi.stop());
  return { base: hapi.base, ids };
};
