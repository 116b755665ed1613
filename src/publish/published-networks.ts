import type { Repositories } from '../store/store.ts';
import type { MappedNetwork } from './types.ts';

/** The networks as they were published last, standing in the store: what there is when files cannot be read. */
export async function publishedNetworks(
  store: Pick<Repositories, 'networks' | 'desired' | 'holds'>,
  tenant: string,
): Promise<MappedNetwork[]> {
  const bases = new Map((await store.desired.bases(tenant)).map((one) => [one.networkId, one]));
  const holds = new Map((await store.holds.list(tenant)).map((one) => [one.networkId, one]));
  return (await store.networks.list(tenant)).flatMap(
    ({ version: _version, loadedAt: _at, ...network }): MappedNetwork[] => {
      const hold = holds.get(network.id);
      const known = bases.get(network.id);
      if (hold)
        return hold.sourceHash === null
          ? []
          : [{ ...network, sourceHash: hold.sourceHash, resources: [], kept: 'held' }];
      if (!known) return []; // it left
      const { sourceHash, basis } = known;
      return [{ ...network, sourceHash, basis, resources: [], kept: 'desired' }];
    },
  );
}
