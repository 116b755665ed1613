/** Whom whoever has a referral stands for: the offer, its network, the establishment behind, and those of its server. */
import type { ServerConfig } from '../config.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { providerOf } from './destination.ts';
import { referenceKey } from './locate-step.ts';

/** Empty while nobody has it. */
export async function keysOfFulfiller(
  tx: Pick<Repositories, 'candidates' | 'protocols'>,
  { tenant, id, candidate, fulfillerServer }: Referral,
  servers: readonly ServerConfig[],
): Promise<BusinessKey[]> {
  const found = (await tx.candidates.of(tenant, [id])).find(({ n }) => n === candidate);
  const home = servers.find((server) => server.id === fulfillerServer)?.homeOf ?? [];
  const key = found && referenceKey(found.performer);
  if (!found || key === undefined) return [...home];
  const provider = providerOf(await tx.protocols.offer(tenant, found.networkId, key));
  return [...new Set([key, `${networkSystem}|${found.networkId}`, ...(provider ? [provider] : []), ...home])];
}
