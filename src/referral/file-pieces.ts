/** Which documents of a referral's file a step still waits for: those that came with it, and what the placer added since. */
import { isSameCoding, shareCoding } from '../fhir/coding.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { CodeableConcept, Coding, Reference, Task } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { valuesOf } from './parts.ts';
import type { ReferralRules } from './rules.ts';
import type { Step } from './plan-steps.ts';

/** French names of the pieces that are not there; a piece may come as an input of the Task (its type says what it is). */
export async function lackingPieces(
  tx: Pick<Repositories, 'clinical'>,
  referral: Referral,
  { pieces = [] }: Step,
  rules: ReferralRules,
): Promise<string[]> {
  if (pieces.length === 0) return [];
  const held = await typesHeld(tx, referral);
  return pieces.filter((wanted) => !shareCoding(wanted, held)).map((wanted) => nameOf(wanted[0]!, rules));
}

async function typesHeld(tx: Pick<Repositories, 'clinical'>, referral: Referral): Promise<Coding[]> {
  const { tenant, orderId, taskId } = referral;
  const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
  const types: (CodeableConcept | undefined)[] = [];
  for (const { reference } of order ? (valuesOf(order, 'supportingInfo') as Reference[]) : []) {
    const local = parseLocalReference(reference ?? '');
    const document = local && (await tx.clinical.get(tenant, local.type, local.id));
    types.push(document?.['type'] as CodeableConcept | undefined);
  }
  const task = (await tx.clinical.get(tenant, 'Task', taskId)) as unknown as Task | undefined;
  types.push(...(task?.input ?? []).map(({ type }) => type));
  return types.flatMap((type) => type?.coding ?? []);
}

function nameOf(wanted: Coding, { codes }: ReferralRules): string {
  const known = codes.flatMap(({ anyOf }) => anyOf).find((one) => isSameCoding(one, wanted));
  return known?.display ?? wanted.code ?? 'document';
}
