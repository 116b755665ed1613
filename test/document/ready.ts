/** A Coreso referral whose three consultations were held and whose GP is named: a final document may come. */
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { assignPerformer } from '../../src/referral/assign.ts';
import { recordConsultation } from '../../src/referral/consult.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { example, generalist, type Story, tenant } from '../referral/story.ts';

export async function readyForDocument(story: Story): Promise<Referral> {
  const { context, servers } = story;
  await acceptReferral(context, story.psychiatrist, example());
  const [referral] = (await context.store.referrals.list(tenant)) as [Referral];
  await story.deliver();
  const identifier = `https://passerelle.example/fhir/referral|${referral.id}/task`;
  const [task] = await story.find(servers.ville, 'Task', { identifier });
  await servers.ville.update({ ...task!, status: 'accepted' } as AnyResource & { id: string });
  await story.follow();
  for (const number of [1, 2, 3]) {
    const order = await orderOf(story, referral, `consultation-${number}`);
    await recordConsultation(context, story.coreso, consultation(number, referral.patientId, order.id));
  }
  const reorientation = await orderOf(story, referral, 'reorientation');
  const performer = [{ type: 'Practitioner', identifier: generalist, display: 'Dr ESSAI-VILLE' }];
  await assignPerformer(context, story.coreso, { ...reorientation, performer });
  await story.deliver();
  return referral;
}

async function orderOf(
  story: Story,
  referral: Referral,
  step: string,
): Promise<AnyResource & { id: string }> {
  const identifier = `https://passerelle.example/fhir/referral|${referral.id}/activity/${step}`;
  const { resources } = await story.context.store.clinical.search(tenant, {
    ...{ type: 'ServiceRequest', identifier },
  });
  return resources[0]!;
}

function consultation(number: number, patientId: string, orderId: string): AnyResource {
  const person = { individual: { type: 'Practitioner', identifier: generalist } };
  const nurse = { individual: { identifier: { ...generalist, value: '10999900045' } } };
  return {
    resourceType: 'Encounter',
    identifier: [{ system: 'https://coreso.example/consultations', value: `C-${number}` }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patientId}` },
    basedOn: [{ reference: `ServiceRequest/${orderId}` }],
    participant: [person, nurse],
    period: { start: '2026-10-01', end: '2026-10-01' },
  };
}
