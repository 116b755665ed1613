/** Several performers are asked for one referral: the first that accepts has it, the others are let go (REF-02). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { updateOrder, updateTask } from '../../src/referral/placer.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { publishNetworks } from './networks.ts';
import { startStory, type Story, tenant } from './story.ts';
import { freshExample } from './fresh-example.ts';

let story: Story;
let referral: Referral;
let count = 0;

const network = 'https://passerelle.example/fhir/network';
const system = 'https://passerelle.example/fhir/referral';
const offer = (name: string) => ({
  type: 'HealthcareService',
  identifier: { system: network, value: `${name}/offer/consultation` },
  display: name,
});

beforeAll(async () => {
  story = await startStory();
  await publishNetworks(story, { 'somatique-nord': 'ville', 'somatique-sud': 'vinatier' });
});
afterAll(() => story.close());
beforeEach(async () => {
  for (const hospital of Object.values(story.hospitals)) hospital.setFaults(undefined);
  referral = await placed([offer('somatique-nord'), offer('somatique-sud')]);
});

async function placed(performer: object[]): Promise<Referral> {
  count += 1;
  const bundle = freshExample(`${count}`, (resource) => {
    if (resource.resourceType === 'Task') delete resource['owner'];
    if (resource.resourceType !== 'ServiceRequest') return;
    delete resource['instantiatesCanonical'];
    resource['performer'] = performer;
  });
  await acceptReferral(story.context, story.psychiatrist, bundle);
  const list = await story.context.store.referrals.list(tenant);
  return list.find(({ orderKey }) => orderKey.endsWith(`-${count}`))!;
}

const now = async (): Promise<Referral> => (await story.context.store.referrals.get(tenant, referral.id))!;
const task = async (): Promise<AnyResource & { id: string }> =>
  (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!;

/** As the placer sees it. */
async function seen(n: number): Promise<AnyResource | undefined> {
  const identifier = `${system}|${referral.id}/candidate/${n}`;
  const { resources } = await story.context.store.clinical.search(tenant, { type: 'Task', identifier });
  return resources[0];
}

/** At the hospital of the n-th candidate: the first in town, the second at the psychiatric hospital. */
async function there(n: 1 | 2, part = 'task', server = serverOf(n)): Promise<AnyResource | undefined> {
  const identifier = `${system}|${referral.id}/${n === 1 ? part : `${part}/${n}`}`;
  return (await story.find(server, 'Task', { identifier }))[0];
}
const serverOf = (n: number) => (n === 1 ? story.servers.ville : story.servers.vinatier);

async function move(n: 1 | 2, change: object): Promise<void> {
  await serverOf(n).update({ ...(await there(n))!, ...change } as AnyResource & { id: string });
}

async function events(): Promise<string[]> {
  return (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);
}

/** Who was given what, as a person is told once the patient has withdrawn the consent. */
async function withdrawn(): Promise<string[]> {
  const { clinical } = story.context.store;
  const of = (type: string, identifier?: string) =>
    clinical.search(tenant, { type, patient: referral.patientId, ...(identifier ? { identifier } : {}) });
  const [consent] = (await of('Consent')).resources;
  await updateConsent(story.context, story.psychiatrist, { ...consent!, status: 'inactive' });
  const [review] = (await of('Task', `${system}|${referral.id}/consent-review`)).resources;
  const [, lines = ''] = /Déjà transmis : (.*)\. Prévenez-les/.exec(String(review?.['description'])) ?? [];
  return lines.split(' ; ').map((line) => line.replace(/, le [\d/]+/, ''));
}

describe('a referral to several performers', () => {
  it('gives each an order and a Task of its own, and shows the placer one Task for all and one for each', async () => {
    await story.deliver();
    const orders = await Promise.all(
      [1, 2].map(async (n) => {
        const value = n === 1 ? referral.id : `${referral.id}/${n}`;
        const identifier = `https://passerelle.example/fhir/filler-order|${value}`;
        return (await story.find(serverOf(n), 'ServiceRequest', { identifier }))[0];
      }),
    );
    expect(orders.map((order) => order?.['performer'])).toEqual([
      [offer('somatique-nord')],
      [offer('somatique-sud')],
    ]);
    expect(orders.map((order) => order?.['instantiatesCanonical'])).toEqual(
      ['nord', 'sud'].map((one) => [`https://passerelle.example/fhir/PlanDefinition/somatique-${one}`]),
    );
    expect((await there(1))?.['owner']).toEqual(offer('somatique-nord'));
    expect((await there(2))?.['focus']).toEqual({ reference: `ServiceRequest/${orders[1]?.id}` });
    expect(await task()).toMatchObject({ status: 'requested' });
    for (const [n, name] of [[1, 'somatique-nord'] as const, [2, 'somatique-sud'] as const])
      expect(await seen(n)).toMatchObject({
        status: 'requested',
        owner: offer(name),
        partOf: [expect.objectContaining({ reference: `Task/${referral.taskId}` })],
        focus: expect.objectContaining({ reference: `ServiceRequest/${referral.orderId}` }) as unknown,
      });
    expect(story.context.validate((await seen(2))!, [])).toEqual([]);
  });

  it('belongs to the first that accepts; the other is cancelled with the reason', async () => {
    await story.deliver();
    await move(1, { status: 'received' });
    await story.follow();
    expect(await task()).toMatchObject({ status: 'received' });
    await move(2, { status: 'accepted' });
    await story.follow();
    expect(await now()).toMatchObject({
      ...{ state: 'accepted', candidate: 2, fulfillerServer: 'vinatier', networkId: 'somatique-sud' },
    });
    expect(await task()).toMatchObject({ status: 'accepted', owner: offer('somatique-sud') });
    expect(await there(1)).toMatchObject({ status: 'received' });
    await story.deliver();
    const reason = { text: expect.stringContaining('not selected') as unknown };
    expect(await there(1)).toMatchObject({ status: 'cancelled', statusReason: reason });
    expect(await seen(1)).toMatchObject({ status: 'cancelled', statusReason: reason });
    expect(await seen(2)).toMatchObject({ status: 'accepted' });
    expect(await events()).toEqual(
      expect.arrayContaining(['candidate-chosen', 'candidate-dropped', 'plan-started']),
    );
    expect(await events()).not.toContain('relay-found');
    const plans = await story.find(story.servers.vinatier, 'CarePlan');
    expect(plans).toHaveLength(1);
    expect(await story.find(story.servers.ville, 'CarePlan')).toEqual([]);
  });

  it('tells that whoever was let go has received it, although their server’s answer was lost', async () => {
    story.hospitals.vinatier.setFaults(({ body }) =>
      body.includes('"transaction"') ? { kind: 'reset', when: 'after' } : undefined,
    );
    await story.deliver();
    await move(1, { status: 'accepted' });
    await story.follow();
    story.hospitals.vinatier.setFaults(undefined); // not before: a slow machine would be at its next attempt
    await story.deliver();
    expect(await there(2)).toMatchObject({ status: 'cancelled' });
    const told = await story.context.store.referrals.events(tenant, referral.id);
    expect(
      told.flatMap(({ kind, detail }) => (kind.startsWith('relay') ? [[kind, detail] as const] : [])),
    ).toEqual([
      ['relayed', { server: 'ville', candidate: 1 }],
      ['relay-found', { server: 'vinatier', candidate: 2 }],
    ]);
  });

  it('is told of by name when the consent ends: whoever has the letter, and who was given more of the file', async () => {
    story.hospitals.vinatier.setFaults(({ body }) =>
      body.includes('"transaction"') ? { kind: 'reset', when: 'after' } : undefined,
    );
    await story.deliver();
    await move(1, { status: 'accepted' });
    await story.follow();
    story.hospitals.vinatier.setFaults(undefined);
    await story.deliver();
    const input = [{ type: { text: 'Biologie' }, valueString: 'Bilan normal' }];
    await updateTask(story.context, story.psychiatrist, { ...(await task()), input });
    await story.deliver();
    expect(await withdrawn()).toEqual([
      "somatique-nord : la demande, Lettre d'adressage",
      "somatique-sud : la demande, Lettre d'adressage",
      'somatique-nord : un complément au dossier',
    ]);
  });

  it('stays with one when both accept at once', async () => {
    await story.deliver();
    await move(1, { status: 'accepted' });
    await move(2, { status: 'accepted' });
    await story.follow();
    await story.deliver();
    const [one, other] = [(await there(1))!['status'], (await there(2))!['status']];
    expect([one, other].sort()).toEqual(['accepted', 'cancelled']);
    expect(await now()).toMatchObject({ state: 'accepted' });
    await story.follow();
    expect(await now()).toMatchObject({ state: 'accepted', candidate: one === 'accepted' ? 1 : 2 });
  });

  it('asks whoever had started beside the winner to stop', async () => {
    await story.deliver();
    await move(1, { status: 'accepted' });
    await story.follow();
    await move(2, { status: 'in-progress' });
    await story.deliver();
    expect(await there(2)).toMatchObject({ status: 'in-progress' });
    expect(await there(2, 'abort')).toMatchObject({ status: 'requested' });
    expect(await there(1, 'abort')).toBeUndefined();
    await move(2, { status: 'cancelled' });
    await story.follow();
    expect(await seen(2)).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'accepted', candidate: 1, closedAt: null });
  });

  it('goes back to the placer when all refuse, not before', async () => {
    await story.deliver();
    await move(1, { status: 'rejected', statusReason: { text: 'Complet' } });
    await story.follow();
    expect(await now()).toMatchObject({ state: 'requested' });
    expect(await seen(1)).toMatchObject({ status: 'rejected', statusReason: { text: 'Complet' } });
    await move(2, { status: 'rejected', statusReason: { text: 'Hors secteur' } });
    await story.follow();
    expect(await now()).toMatchObject({ state: 'rejected', closedAt: null });
    expect(await task()).toMatchObject({
      status: 'rejected',
      statusReason: {
        text: 'Tous les destinataires ont refusé : somatique-nord, somatique-sud. Hors secteur',
      },
    });
  });

  it('is over when the placer took it back and every one of them knows', async () => {
    await story.deliver();
    await updateTask(story.context, story.psychiatrist, { ...(await task()), status: 'cancelled' });
    story.hospitals.vinatier.setFaults(() => ({ kind: 'answer', status: 503 }));
    await story.deliver();
    story.hospitals.vinatier.setFaults(undefined);
    story.clock.advance(60 * 60_000);
    await story.deliver();
    expect(await there(1)).toMatchObject({ status: 'cancelled' });
    expect(await there(2)).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('is over when one of them refuses while it is being taken back', async () => {
    await story.deliver();
    await updateTask(story.context, story.psychiatrist, { ...(await task()), status: 'cancelled' });
    await move(2, { status: 'rejected', statusReason: { text: 'Complet' } });
    await story.deliver();
    expect(await now()).toMatchObject({ closedAt: null });
    await story.follow();
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('that was never sent is over at once when it is taken back', async () => {
    const order = (await story.context.store.clinical.get(tenant, 'ServiceRequest', referral.orderId))!;
    await updateOrder(story.context, story.psychiatrist, { ...order, status: 'revoked' });
    await story.deliver();
    expect([await there(1), await there(2)]).toEqual([undefined, undefined]);
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('asks two offers of one hospital as well', async () => {
    const coreso = { ...offer('coreso-le-vinatier'), display: 'Coreso' };
    coreso.identifier.value = 'coreso-le-vinatier/offer/consultation-somatique';
    referral = await placed([offer('somatique-nord'), coreso]);
    await story.deliver();
    const second = () => there(2, 'task', story.servers.ville);
    expect([(await there(1))!['status'], (await second())!['status']]).toEqual(['requested', 'requested']);
    const patients = await story.find(story.servers.ville, 'Patient');
    expect(patients).toHaveLength(1);
    await story.servers.ville.update({ ...(await second())!, status: 'accepted' } as AnyResource & {
      id: string;
    });
    await story.follow();
    await story.deliver();
    expect(await there(1)).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ candidate: 2, networkId: 'coreso-le-vinatier', state: 'accepted' });
  });

  it.each([
    ['names one twice', [offer('somatique-nord'), offer('somatique-nord')], 'une fois'],
    [
      'names one that nobody offers',
      [offer('somatique-nord'), offer('inconnu')],
      'parcours ouverts|offre ouverte',
    ],
  ])('is refused when it %s', async (_case, performers, why) => {
    await expect(placed(performers)).rejects.toThrow(new RegExp(why));
  });
});
