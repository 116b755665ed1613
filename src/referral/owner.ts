/** Who has to act on a referral, as its resources name them. */
import type { Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { ClockOwner } from './clocks.ts';

/** By the placer's order and the Task; a role of the gateway's operator has no identifier anywhere. */
export async function ownerOf(
  tx: Pick<Repositories, 'clinical'>,
  { tenant, orderId, taskId, placerServer, fulfillerServer }: Referral,
  owner: ClockOwner,
): Promise<Reference> {
  if (owner === 'gateway') return { display: 'Exploitant de la passerelle' };
  const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
  const task = await tx.clinical.get(tenant, 'Task', taskId);
  const named = (owner === 'placer' ? order?.['requester'] : task?.['owner']) as Reference | undefined;
  const server = owner === 'placer' ? placerServer : fulfillerServer;
  return named ?? { display: server ?? (owner === 'placer' ? 'Demandeur' : 'Destinataires') };
}
