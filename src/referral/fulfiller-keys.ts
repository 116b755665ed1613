/** Whom whoever is asked for a referral stands for: the offer, its network, the establishment behind, and those of its server. */
import type { ServerConfig } from '../config.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { networkSystem } from '../fhir/names.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { providerOf } from './destination.ts';
import { referenceKey } from './locate-step.ts';

/** Of whoever has the referral; empty while nobody has it. */
export async function keysOfFulfiller(
  tx: Pick<Repositories, 'candidates' | 'protocols'>,
  { tenant, id, candidate, fulfillerServer }: Referral,
  servers: readonly ServerConfig[],
): Promise<BusinessKey[]> {
  const found = (await tx.candidates.of(tenant, [id])).find(({ n }) => n === candidate);
  const home = servers.find((server) => server.id === fulfillerServer);
  return found ? keysOfCandidate(tx, found, home) : [...(home?.homeOf ?? [])];
}

/** Of whoever has the referral, not of others whose records its server keeps: what decides on one establishment. */
export async function ownKeysOfFulfiller(
  tx: Pick<Repositories, 'candidates' | 'protocols'>,
  { tenant, id, candidate }: Referral,
): Promise<BusinessKey[]> {
  const found = (await tx.candidates.of(tenant, [id])).find(({ n }) => n === candidate);
  return found ? ownKeysOf(tx, found) : [];
}

async function keysOfCandidate(
  tx: Pick<Repositories, 'protocols'>,
  candidate: Candidate,
  server: ServerConfig | undefined,
): Promise<BusinessKey[]> {
  return [...new Set([...(await ownKeysOf(tx, candidate)), ...(server?.homeOf ?? [])])];
}

async function ownKeysOf(
  tx: Pick<Repositories, 'protocols'>,
  { tenant, networkId, performer }: Candidate,
): Promise<BusinessKey[]> {
  const key = referenceKey(performer);
  if (key === undefined) return [];
  const provider = providerOf(await tx.protocols.offer(tenant, networkId, key));
  return [key, `${networkSystem}|${networkId}`, ...(provider ? [provider] : [])];
}

/** A candidate as a consent is asked for them: of the care team when they and the requester belong to one establishment. */
export async function recipientOfCandidate(
  tx: Pick<Repositories, 'protocols'>,
  candidate: Candidate,
  { placerServer }: Pick<Referral, 'placerServer'>,
  servers: readonly ServerConfig[],
): Promise<ConsentRecipient> {
  const homeOf = (id: string | null) => servers.find((one) => one.id === id);
  const keys = await keysOfCandidate(tx, candidate, homeOf(candidate.serverId));
  const own = homeOf(placerServer)?.homeOf ?? [];
  return { name: candidate.name, keys, careTeam: keys.some((key) => own.includes(key)) };
}
