/** Consent at the moment when something leaves, and how it is withdrawn or extended. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { example, startStory, type Story, tenant } from './story.ts';

let story: Story;
let referral: Referral;
let count = 0;

beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

beforeEach(async () => {
  count += 1;
  const bundle = example();
  for (const { resource } of bundle['entry'] as { resource: AnyResource }[]) {
    const [identifier] = (resource['identifier'] ?? []) as { value?: string }[];
    if (['ServiceRequest', 'Task'].includes(resource.resourceType)) identifier!.value += `-${count}`;
  }
  await acceptReferral(story.context, story.psychiatrist, bundle);
  const all = await story.context.store.referrals.list(tenant);
  referral = all.find(({ orderKey }) => orderKey.endsWith(`-${count}`))!;
});

async function consent(): Promise<AnyResource & { id: string }> {
  const criteria = { type: 'Consent', patient: referral.patientId };
  const { resources } = await story.context.store.clinical.search(tenant, criteria);
  return resources[0]!;
}

const change = async (by: object, caller = story.psychiatrist): Promise<AnyResource> =>
  updateConsent(story.context, caller, { ...(await consent()), ...by });

const sent = async (): Promise<number> => {
  const identifier = `https://passerelle.example/fhir/referral|${referral.id}/task`;
  return (await story.find(story.servers.ville, 'Task', { identifier })).length;
};

describe('consent, asked again when something leaves', () => {
  it('withdrawn while the referral waited: nothing is sent, and what to obtain is told', async () => {
    await change({ status: 'inactive' });
    await story.deliver();
    expect(await sent()).toBe(0);
    const [item] = await story.context.store.outbox.open(tenant, { referralId: referral.id });
    expect(item).toMatchObject({ state: 'parked', reason: { category: 'forbidden', side: 'sender' } });
    expect((item!.reason as { message: string }).message).toContain('Recueillez');
  });

  it('given anew, what was set aside is sent on request', async () => {
    await change({ status: 'inactive' });
    await story.deliver();
    await change({ status: 'active' });
    expect(await story.delivery.retry(tenant, { referralId: referral.id })).toBe(1);
    await story.deliver();
    expect(await sent()).toBe(1);
    const kinds = (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'consent-changed')).toHaveLength(2);
  });

  it('is the placer’s to change, about the same patient, with actors that anybody can tell', async () => {
    await expect(change({ status: 'inactive' }, story.coreso)).rejects.toMatchObject({
      category: 'forbidden',
    });
    const stranger = { ...story.psychiatrist, client: 'x', server: 'ville' };
    await expect(change({ status: 'inactive' }, stranger)).rejects.toMatchObject({ category: 'not-found' });
    await expect(change({ patient: { reference: 'Patient/autre' } })).rejects.toThrow('patient');
    const { provision } = (await consent()) as unknown as { provision: object };
    const actor = [{ role: { text: 'x' }, reference: { reference: 'Practitioner/7' } }];
    await expect(change({ provision: { ...provision, actor } })).rejects.toThrow('identifiant');
    const ins = { system: 'urn:oid:1.2.250.1.213.1.4.10', value: '174129910000258' };
    await expect(change({ performer: [{ type: 'Patient', identifier: ins }] })).rejects.toThrow('INS');
    const url = 'https://ch-le-vinatier.example/fhir/Binary/7';
    await expect(change({ sourceAttachment: { url } })).rejects.toThrow('joignez le contenu');
    await story.deliver();
    expect(await sent()).toBe(1);
  });
});
