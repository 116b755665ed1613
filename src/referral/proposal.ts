/** What a fulfiller proposes instead when it refuses: another performer, another time (REF-04). Kept here, where the placer reads it. */
import { isGatewayError } from '../fhir/error.ts';
import { splitKey } from '../fhir/key.ts';
import { parseLocalReference, relativeTo } from '../fhir/references.ts';
import type { AnyResource, Reference, Task } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { CandidateParts } from './candidate.ts';
import { logicalOnly } from './logical-only.ts';
import { candidatePart, partKey } from './names.ts';

type Output = NonNullable<Task['output']>[number];

/** Elements of a request that a proposal may change. */
const proposed = [
  'performer',
  'occurrenceDateTime',
  'occurrencePeriod',
  'occurrenceTiming',
  'code',
  'orderDetail',
  'reasonCode',
  'note',
] as const;

/** True when an output of a Task is a proposal. */
export function isProposal({ valueReference }: Output): boolean {
  return (
    valueReference?.type === 'ServiceRequest' ||
    valueReference?.reference?.includes('ServiceRequest/') === true
  );
}

/**
 * The proposal that a refused Task names, as the fulfiller's server has it; undefined when it is not to be had: the refusal
 * counts without it. Throws what may pass.
 */
export async function readProposal(
  server: FhirServer,
  { status, output = [] }: Task,
): Promise<AnyResource | undefined> {
  if (status !== 'rejected') return undefined;
  const reference = output.find(isProposal)?.valueReference?.reference ?? '';
  const local = parseLocalReference(relativeTo(server.base, reference));
  const result = local && (await server.read(local.type, local.id).catch(notForUs));
  return result?.state === 'found' && result.resource['intent'] === 'proposal' ? result.resource : undefined;
}

function notForUs(error: unknown): undefined {
  if (isGatewayError(error) && !error.retryable && error.category !== 'unauthenticated') return undefined;
  throw error;
}

/** Keeps our copy, and answers how our Task refers to it. Hold the referral's lock. */
export async function keepProposal(
  tx: Repositories,
  { ids, clock }: CandidateParts,
  { tenant, id, orderId, patientId }: Referral,
  { n, name, serverId, performer }: Candidate,
  theirs: AnyResource,
): Promise<Output> {
  const now = new Date(clock.now());
  const identifier = splitKey(partKey(id, candidatePart('proposal', n)));
  const taken = proposed.flatMap((element) =>
    theirs[element] === undefined ? [] : [[element, theirs[element]]],
  );
  const { code, orderDetail } = (await tx.clinical.get(tenant, 'ServiceRequest', orderId))!;
  const copy: AnyResource & { id: string } = {
    resourceType: 'ServiceRequest',
    id: ids.uuid(),
    identifier: [identifier],
    ...{
      status: 'draft',
      intent: 'proposal',
      ...(code ? { code } : {}),
      ...(orderDetail ? { orderDetail } : {}),
    },
    ...(logicalOnly(Object.fromEntries(taken)) as object),
    basedOn: [{ reference: `ServiceRequest/${orderId}` }],
    subject: { reference: `Patient/${patientId}` },
    authoredOn: now.toISOString(),
    requester: { identifier: performer.identifier, display: name }, // an offer may not request, as a type
  };
  await tx.clinical.put(tenant, copy, now);
  const [other] = (copy['performer'] ?? []) as Reference[];
  const said = [
    ...(other ? [`autre destinataire : ${other.display ?? other.identifier?.value ?? 'sans nom'}`] : []),
    ...(Object.keys(copy).some((element) => element.startsWith('occurrence')) ? ['autre date'] : []),
  ];
  const detail = { candidate: n, name, said: said.join(', ') || 'autre proposition' };
  await tx.referrals.addEvent(tenant, id, { at: now, kind: 'proposal', actor: serverId, detail });
  return {
    type: { text: 'Proposition du destinataire' },
    valueReference: { reference: `ServiceRequest/${copy.id}`, type: 'ServiceRequest', identifier },
  };
}

/** The proposal of a referral that still waits for its answer. */
export async function openProposal(
  tx: Pick<Repositories, 'clinical' | 'candidates'>,
  { tenant, id }: Referral,
): Promise<(AnyResource & { id: string }) | undefined> {
  for (const { n } of await tx.candidates.of(tenant, [id])) {
    const identifier = partKey(id, candidatePart('proposal', n));
    const { resources } = await tx.clinical.search(tenant, { type: 'ServiceRequest', identifier, limit: 1 });
    if (resources[0]?.['status'] === 'draft') return resources[0];
  }
  return undefined;
}
