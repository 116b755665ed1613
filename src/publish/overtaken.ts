import { isDeepStrictEqual } from 'node:util';
import type { Hold } from '../store/holds.ts';
import type { Repositories } from '../store/store.ts';
import { publishing } from './begin.ts';
import { moved } from './moved.ts';
import type { MappedNetwork } from './types.ts';

/** What was read before a plan was made and must still stand; `run`: the last publication, where that matters. */
export type ReadBefore = { holds: readonly Hold[]; run?: string | undefined };

/** Throws `conflict` when the store is no longer what it was when files, holds and earlier runs were read. */
export async function refuseOvertaken(
  tx: Pick<Repositories, 'desired' | 'holds' | 'runs'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  read: ReadBefore,
): Promise<void> {
  if (!isDeepStrictEqual(await tx.holds.list(tenant), read.holds)) throw moved();
  if ('run' in read && (await tx.runs.latest(tenant, publishing)) !== read.run) throw moved();
  const kept = networks.filter((network) => network.kept === 'desired');
  if (kept.length === 0) return;
  const bases = new Map((await tx.desired.bases(tenant)).map((one) => [one.networkId, one]));
  const same = ({ id, sourceHash, basis }: MappedNetwork): boolean =>
    bases.get(id)?.sourceHash === sourceHash && bases.get(id)?.basis === basis;
  if (!kept.every(same)) throw moved();
}
