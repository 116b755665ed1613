/** Who receives a referral whose order names nobody: routed with reasons, or given to a person to choose. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { direct } from '../../src/referral/direct.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import { watchClocks } from '../../src/referral/watch.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { startStory, type Story, tenant } from './story.ts';
import { freshExample } from './fresh-example.ts';
import { publishNetworks } from './networks.ts';

let story: Story;
let count = 0;

beforeAll(async () => {
  story = await startStory();
  await publishNetworks(story);
});
afterAll(() => story.close());

type Change = {
  order?: object;
  address?: object;
  birthDate?: string;
  /** Keep the pathway that the order names. */
  pathway?: boolean;
};

/** The example without its performer, a new one each time, accepted. */
async function placed({ order = {}, address, birthDate, pathway }: Change = {}): Promise<Referral> {
  count += 1;
  const bundle = freshExample(`${count}`, (resource) => {
    if (resource.resourceType === 'Task') delete resource['owner'];
    if (resource.resourceType === 'Patient') {
      if (address) resource['address'] = [address];
      if (birthDate) resource['birthDate'] = birthDate;
    }
    if (resource.resourceType !== 'ServiceRequest') return;
    delete resource['performer'];
    if (!pathway) delete resource['instantiatesCanonical'];
    Object.assign(resource, order);
  });
  await acceptReferral(story.context, story.psychiatrist, bundle);
  const list = await story.context.store.referrals.list(tenant);
  return list.find(({ orderKey }) => orderKey.endsWith(`-${count}`))!;
}

async function eventOf({ id }: Referral, kind: string): Promise<Record<string, unknown> | undefined> {
  const events = await story.context.store.referrals.events(tenant, id);
  return events.find((event) => event.kind === kind)?.detail as Record<string, unknown> | undefined;
}

const now = async ({ id }: Referral): Promise<Referral> =>
  (await story.context.store.referrals.get(tenant, id))!;
const task = async ({ taskId }: Referral): Promise<AnyResource> =>
  (await story.context.store.clinical.get(tenant, 'Task', taskId))!;

async function workItem({ id }: Referral): Promise<AnyResource | undefined> {
  const identifier = `https://passerelle.example/fhir/referral|${id}/routing`;
  const { resources } = await story.context.store.clinical.search(tenant, { type: 'Task', identifier });
  return resources[0];
}

async function there({ id }: Referral, n = 1): Promise<AnyResource | undefined> {
  const part = n === 1 ? 'task' : `task/${n}`;
  const identifier = `https://passerelle.example/fhir/referral|${id}/${part}`;
  return (await story.find(story.servers.ville, 'Task', { identifier }))[0];
}

async function orderThere({ id }: Referral): Promise<AnyResource | undefined> {
  const identifier = `https://passerelle.example/fhir/filler-order|${id}`;
  return (await story.find(story.servers.ville, 'ServiceRequest', { identifier }))[0];
}

async function answer(referral: Referral, change: object, n = 1): Promise<void> {
  await story.servers.ville.update({ ...(await there(referral, n))!, ...change } as AnyResource & {
    id: string;
  });
  await story.follow();
}

async function assign({ id }: Referral, to: string): Promise<void> {
  const { store, servers, rules, clock, ids } = story.context;
  const pathway = createPathway({ servers, rules, clock });
  await store.transaction(async (tx) => {
    const parts = { rules, clock, ids, pathway, servers };
    const referral = (await tx.referrals.lock(tenant, id))!;
    await direct(tx, parts, referral, { to, by: 'Mme ESSAI', kind: 'assign', role: 'placer' });
  });
}

const lyon = { use: 'home', city: 'Lyon', postalCode: '69003' };
const villefranche = { use: 'home', city: 'Villefranche-sur-Saône', postalCode: '69400' };
const bourgoin = { use: 'home', city: 'Bourgoin-Jallieu', postalCode: '38300' };
const marseille = { use: 'home', city: 'Marseille', postalCode: '13005' };

describe('a referral that names nobody', () => {
  it('goes to the only offer of the pathway that it names', async () => {
    const referral = await placed({ pathway: true });
    expect(referral).toMatchObject({
      networkId: 'coreso-le-vinatier',
      candidate: 1,
      fulfillerServer: 'ville',
    });
    expect(await eventOf(referral, 'routed')).toMatchObject({
      to: 'Consultation et réseau somatique',
      said: expect.stringContaining('parcours demandé') as unknown,
    });
  });

  it('goes to the offer whose network names the patient’s commune, before one that names the département', async () => {
    const referral = await placed({ address: lyon });
    expect(referral.networkId).toBe('somatique-nord');
    const { why, said } = (await eventOf(referral, 'routed'))!;
    expect(why).toBe('nearest');
    expect(said).toContain('commune du patient couverte');
    expect(await task(referral)).toMatchObject({
      status: 'requested',
      owner: { identifier: { value: 'somatique-nord/offer/consultation' } },
    });
    await story.deliver();
    expect(await orderThere(referral)).toMatchObject({
      performer: [{ identifier: { value: 'somatique-nord/offer/consultation' } }],
      instantiatesCanonical: ['https://passerelle.example/fhir/PlanDefinition/somatique-nord'],
    });
    expect((await there(referral))?.['owner']).toMatchObject({
      identifier: { value: 'somatique-nord/offer/consultation' },
    });
  });

  it('leaves the placer’s own order as it is (REF-01)', async () => {
    const { orderId } = await placed({ address: lyon });
    const order = await story.context.store.clinical.get(tenant, 'ServiceRequest', orderId);
    expect(order).not.toHaveProperty('performer');
  });

  it('goes to the département’s where no commune is named', async () => {
    const referral = await placed({ address: villefranche });
    expect(referral.networkId).toBe('somatique-sud');
    expect(await eventOf(referral, 'routed')).toMatchObject({ why: 'only' });
  });

  it.each<[string, Change, string]>([
    ['whose département is covered in part', { address: bourgoin }, 'unsure'],
    ['without a city', { address: { use: 'home', country: 'FRA' } }, 'unsure'],
    ['born in a year that tells no age of majority', { address: lyon, birthDate: '2008' }, 'unsure'],
    ['whom no offer is for', { address: lyon, birthDate: '2015-05-05' }, 'none'],
    ['outside every territory', { address: marseille }, 'none'],
    ['of whom nothing says what is asked', { order: reason('avis-rcp-obesite') }, 'none'],
  ])('of a patient %s waits for a person', async (_case, change, why) => {
    const referral = await placed(change);
    const told = await eventOf(referral, 'unrouted');
    expect(told).toMatchObject({ why });
    expect(referral).toMatchObject({ candidate: null, fulfillerServer: null, state: 'requested' });
    expect(await workItem(referral)).toMatchObject({
      status: 'requested',
      owner: { display: 'Coordination' },
    });
  });
});

function reason(code: string): object {
  const system = 'https://passerelle.example/fhir/CodeSystem/referral-reason';
  return { code: { coding: [{ system, code }] } };
}

describe('a referral that waits for a person', () => {
  it('says nothing of the patient in its work item and its timeline', async () => {
    const referral = await placed({ order: reason('avis-rcp-obesite') });
    const told = JSON.stringify([await workItem(referral), await eventOf(referral, 'unrouted')]);
    expect(told).not.toMatch(/Lyon|69003|1974|ESSAI-CORESO/);
  });

  it('goes on once somebody assigned it, and the work item is done', async () => {
    const referral = await placed({ order: reason('avis-rcp-obesite') });
    await story.deliver();
    expect(await there(referral)).toBeUndefined();
    await expect(assign(referral, 'somatique-nord/offer/inconnue')).rejects.toThrow('pas d’offre ouverte');
    await assign(referral, 'somatique-nord/offer/consultation');
    await story.deliver();
    expect(await there(referral)).toMatchObject({ status: 'requested' });
    expect(await workItem(referral)).toMatchObject({ status: 'completed' });
    await answer(referral, { status: 'accepted' });
    expect(await now(referral)).toMatchObject({ state: 'accepted', networkId: 'somatique-nord' });
    expect((await now(referral)).carePlanId).not.toBeNull();
    await expect(assign(referral, 'somatique-sud/offer/consultation')).rejects.toThrow('déjà reçu');
  });

  it('comes back to a person when whoever was chosen refuses, and goes on to another', async () => {
    const referral = await placed({ address: lyon });
    await story.deliver();
    await answer(referral, { status: 'rejected', statusReason: { text: 'Complet' } });
    expect(await now(referral)).toMatchObject({ state: 'requested', candidate: null, fulfillerServer: null });
    expect(await task(referral)).not.toHaveProperty('owner');
    expect(await workItem(referral)).toMatchObject({
      status: 'requested',
      description: expect.stringContaining('Refusé par Consultation somatique nord') as unknown,
    });
    await assign(referral, 'somatique-sud/offer/consultation');
    await story.deliver();
    expect(await there(referral, 2)).toMatchObject({
      status: 'requested',
      owner: { identifier: { value: 'somatique-sud/offer/consultation' } },
    });
    await answer(referral, { status: 'accepted' }, 2);
    expect(await task(referral)).toMatchObject({ status: 'accepted' });
    expect(await now(referral)).toMatchObject({ candidate: 2, networkId: 'somatique-sud' });
  });

  it('comes back to a person as well when what is proposed instead cannot be read', async () => {
    const referral = await placed({ address: lyon });
    await story.deliver();
    const valueReference = { reference: 'https://ailleurs.example/fhir/ServiceRequest/1' };
    const output = [{ type: { text: 'Proposition' }, valueReference }];
    await answer(referral, { status: 'rejected', statusReason: { text: 'Complet' }, output });
    expect(await now(referral)).toMatchObject({ state: 'requested', candidate: null });
    expect(await workItem(referral)).toMatchObject({ status: 'requested' });
  });

  it('is over at once when the placer takes it back', async () => {
    const referral = await placed({ order: reason('avis-rcp-obesite') });
    const order = (await story.context.store.clinical.get(tenant, 'ServiceRequest', referral.orderId))!;
    await updateOrder(story.context, story.psychiatrist, { ...order, status: 'revoked' });
    expect(await now(referral)).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
    expect(await workItem(referral)).toMatchObject({ status: 'cancelled' });
  });

  it('is late when nobody chooses', async () => {
    const referral = await placed({ order: reason('avis-rcp-obesite') });
    story.clock.advance(5 * 60 * 60_000);
    const { overdue } = await watchClocks({ ...story.context, log: createLog('silent') }, tenant);
    expect(overdue).toContainEqual(expect.objectContaining({ referral: referral.id, clock: 'transport' }));
  });
});
