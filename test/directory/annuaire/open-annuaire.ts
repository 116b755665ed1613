import { createAnnuaire } from '../../../src/directory/annuaire/create-annuaire.ts';
import type { AnnuaireOptions } from '../../../src/directory/annuaire/options.ts';
import { createQuota } from '../../../src/directory/api/quota.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { createLog } from '../../../src/log.ts';
import type { BusyClock } from '../busy-clock.ts';
import { base, type FakeApi } from './fake-api.ts';

/** The source over the fake, with a quota of its own; `random` is the same sequence each time. */
export function openAnnuaire(
  api: FakeApi,
  clock: BusyClock,
  changes: Partial<AnnuaireOptions> = {},
): DirectorySource {
  let draw = 0;
  const ids = { uuid: () => 'no', fraction: () => (draw = (draw * 16807 + 11) % 2147483647) / 2147483647 };
  const quota = createQuota({ perSecond: 17, perMinute: 1000 }, clock);
  return createAnnuaire({
    ...{ id: 'annuaire', base, key: 'secret-key', clock, ids, quota, log: createLog('silent') },
    ...{ fetch: api.fetch, ...changes },
  });
}
