/** A running gateway looks for who receives a referral, asks a person when it is not clear, and goes on with their answer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../src/demo/http.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { type EndToEnd, startEndToEnd } from './stage.ts';

let stage: EndToEnd;
let count = 0;

const network = 'https://passerelle.example/fhir/network';
const names = ['somatique-nord', 'somatique-sud'] as const;

beforeAll(async () => {
  stage = await startEndToEnd(undefined, {
    networks: names.map((name) => `test/fixtures/referral/networks/${name}.yaml`),
    homeOf: names.map((name) => `${network}|${name}`),
  });
  expect(await stage.command('apply', '--network', 'coreso-le-vinatier')).toMatchObject({ code: 0 });
}, 400_000);
afterAll(() => stage.close());

const offer = (name: (typeof names)[number]) => ({
  type: 'HealthcareService',
  identifier: { system: network, value: `${name}/offer/consultation` },
});

/** Posts the example with another order, and answers what the gateway makes of it. */
async function place(change: object): Promise<{ id: string; orderId: string; taskId: string }> {
  count += 1;
  const bundle = structuredClone(stage.cast.referral);
  for (const { resource } of bundle['entry'] as { resource: AnyResource }[]) {
    const [identifier] = (resource['identifier'] ?? []) as { value?: string }[];
    if (['ServiceRequest', 'Task'].includes(resource.resourceType)) identifier!.value = `COORD-${count}`;
    if (resource.resourceType === 'Task') delete resource['owner'];
    if (resource.resourceType === 'Consent') delete (resource['provision'] as { actor?: unknown }).actor;
    if (resource.resourceType !== 'ServiceRequest') continue;
    delete resource['performer'];
    delete resource['instantiatesCanonical'];
    Object.assign(resource, change);
  }
  const answer = await stage.as('psychiatrie').post('', bundle);
  expect(answer.status).toBe(200);
  const entries = answer.resource['entry'] as { response: { location: string } }[];
  const idOf = (type: string) =>
    entries.map(({ response }) => response.location.split('/')).find(([one]) => one === type)![1]!;
  const { stdout } = await stage.command('referral', 'list', '--json');
  const list = JSON.parse(stdout) as { id: string; order: string }[];
  const { id } = list.find(({ order }) => order.endsWith(`|COORD-${count}`))!;
  return { id, orderId: idOf('ServiceRequest'), taskId: idOf('Task') };
}

/** The Task of a candidate at the town hospital, once it is there. */
async function there(id: string, n = 1): Promise<AnyResource & { id: string }> {
  const value = n === 1 ? `${id}/task` : `${id}/task/${n}`;
  const query = `Task?identifier=https://passerelle.example/fhir/referral|${value}`;
  const find = async () => (await stage.at('ville').all(query))[0];
  return (await until(find, 'la tâche à la ville')) as AnyResource & { id: string };
}

async function answer(id: string, change: object, n = 1): Promise<void> {
  const task = await there(id, n);
  expect((await stage.at('ville').put(`Task/${task.id}`, { ...task, ...change })).status).toBe(200);
  expect((await stage.command('schedule', 'run', 'follow')).code).toBe(0);
}

const show = async (id: string): Promise<string> => (await stage.command('referral', 'show', id)).stdout;
const seen = async (taskId: string): Promise<AnyResource> =>
  (await stage.as('psychiatrie').get(`Task/${taskId}`)).resource;

describe('a referral that names nobody', () => {
  it('goes to the offer that covers the patient’s commune, with the reason in its timeline', async () => {
    const { id, taskId } = await place({});
    expect(await there(id)).toMatchObject({ owner: offer('somatique-nord') });
    expect(await seen(taskId)).toMatchObject({ owner: offer('somatique-nord') });
    expect(await show(id)).toMatch(/orienté.*Consultation somatique nord.*commune du patient couverte/);
  }, 120_000);

  it('waits for a person when no offer fits, and goes on once one is chosen', async () => {
    const reason = 'https://passerelle.example/fhir/CodeSystem/referral-reason';
    const { id, taskId } = await place({
      code: { coding: [{ system: reason, code: 'soins-non-programmes' }] },
    });
    expect((await stage.command('referral', 'list', '--unrouted')).stdout).toMatch(
      new RegExp(`${id}.*à orienter`),
    );
    const items = await stage.as('psychiatrie').all('Task?status=requested');
    expect(items).toContainEqual(
      expect.objectContaining({ owner: { display: 'Coordination' }, focus: { reference: `Task/${taskId}` } }),
    );
    const wrong = await stage.command('referral', 'assign', id, '--to', 'rien/offer/x', '--by', 'Mme ESSAI');
    expect([wrong.code, wrong.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining('offre') as unknown,
    ]);
    const to = 'somatique-sud/offer/consultation';
    const assigned = await stage.command('referral', 'assign', id, '--to', to, '--by', 'Mme ESSAI');
    expect([assigned.code, assigned.stderr]).toEqual([0, '']);
    await answer(id, { status: 'accepted' });
    expect(await seen(taskId)).toMatchObject({ status: 'accepted', owner: offer('somatique-sud') });
    expect((await stage.command('referral', 'list', '--unrouted')).stdout).not.toContain(id);
    expect(await show(id)).toMatch(/confié.*par Mme ESSAI/);
  }, 240_000);
});

describe('a referral to several performers', () => {
  it('belongs to the first that accepts, over HTTP on both sides', async () => {
    const { id, taskId } = await place({ performer: names.map(offer) });
    await Promise.all([there(id, 1), there(id, 2)]);
    const parts = await stage.as('psychiatrie').all(`Task?part-of=Task/${taskId}`);
    expect(parts).toHaveLength(names.length);
    for (const name of names)
      expect(parts).toContainEqual(expect.objectContaining({ status: 'requested', owner: offer(name) }));
    await answer(id, { status: 'accepted' }, 2);
    expect(await seen(taskId)).toMatchObject({ status: 'accepted', owner: offer('somatique-sud') });
    const dropped = await until(async () => {
      const task = await there(id, 1);
      return task['status'] === 'cancelled' ? task : undefined;
    }, 'l’annulation chez l’autre');
    expect(dropped['statusReason']).toMatchObject({
      text: expect.stringContaining('not selected') as unknown,
    });
    expect(await show(id)).toMatch(/destinataire retenu.*\n[^]*destinataire non retenu/);
  }, 240_000);

  it('goes back to the placer when all refuse', async () => {
    const { id, orderId, taskId } = await place({ performer: names.map(offer) });
    for (const n of [1, 2]) await answer(id, { status: 'rejected', statusReason: { text: 'Complet' } }, n);
    expect(await seen(taskId)).toMatchObject({ status: 'rejected' });
    const placer = stage.as('psychiatrie');
    const { resource: order } = await placer.get(`ServiceRequest/${orderId}`);
    expect((await placer.put(`ServiceRequest/${orderId}`, { ...order, status: 'completed' })).status).toBe(
      200,
    );
    expect((await stage.command('referral', 'list', '--json')).stdout).toContain('"closedAt"');
  }, 240_000);
});

describe('a referral that turns to another performer', () => {
  it('is transferred by a coordinator after it was accepted', async () => {
    const { id, taskId } = await place({ performer: [offer('somatique-nord')] });
    await answer(id, { status: 'accepted' });
    const to = 'somatique-sud/offer/consultation';
    const moved = await stage.command(
      'referral',
      'transfer',
      id,
      '--to',
      to,
      '--by',
      'Mme ESSAI',
      '--reason',
      'Trop loin',
    );
    expect([moved.code, moved.stderr]).toEqual([0, '']);
    await answer(id, { status: 'accepted' }, 2);
    expect(await there(id, 1)).toMatchObject({ status: 'cancelled', statusReason: { text: 'Trop loin' } });
    expect(await seen(taskId)).toMatchObject({ status: 'accepted', owner: offer('somatique-sud') });
    const shown = await show(id);
    expect(shown).toMatch(/transmis à un autre.*par Mme ESSAI.*Trop loin/);
    expect(shown).toMatch(/Personnes :[^]*demandeur[^]*destinataire \(annulé\)[^]*destinataire \(accepté\)/);
    expect(shown).not.toMatch(/ESSAI-CORESO|174129910000157|800012345/);
  }, 240_000);

  it('is handed over at /fhir by whoever has it', async () => {
    const { id, taskId } = await place({ performer: [offer('somatique-nord')] });
    await answer(id, { status: 'accepted' });
    const task = await seen(taskId);
    const put = await stage.as('coreso').put(`Task/${taskId}`, { ...task, owner: offer('somatique-sud') });
    expect([put.status, put.resource['owner']]).toEqual([200, offer('somatique-sud')]);
    expect(await there(id, 2)).toMatchObject({ status: 'requested' });
  }, 240_000);

  it.each([
    ['/fhir', 'active'],
    ['a command', 'accept-proposal'],
  ])(
    'goes on with what the fulfiller proposes, accepted by %s',
    async (way, accept) => {
      const { id, taskId } = await place({ performer: [offer('somatique-nord')] });
      const { resource: proposed } = await stage.at('ville').post('ServiceRequest', {
        ...{
          resourceType: 'ServiceRequest',
          status: 'active',
          intent: 'proposal',
          performer: [offer('somatique-sud')],
        },
        ...{ subject: (await there(id))['for'], occurrenceDateTime: '2027-03-01' },
      });
      const valueReference = { reference: `ServiceRequest/${proposed.id}`, type: 'ServiceRequest' };
      const output = [{ type: { text: 'Proposition' }, valueReference }];
      await answer(id, { status: 'rejected', statusReason: { text: 'Complet' }, output });
      const refused = await seen(taskId);
      expect(refused).toMatchObject({ status: 'rejected' });
      const [told] = refused['output'] as { valueReference: { reference: string } }[];
      const placer = stage.as('psychiatrie');
      const path = told!.valueReference.reference;
      const { resource: proposal } = await placer.get(path);
      expect(proposal).toMatchObject({ intent: 'proposal', performer: [offer('somatique-sud')] });
      if (way === '/fhir') expect((await placer.put(path, { ...proposal, status: accept })).status).toBe(200);
      else expect((await stage.command('referral', accept, id, '--by', 'Dr ESSAI')).code).toBe(0);
      const [next] = (await placer.all('ServiceRequest?intent=order&status=active')).filter(({ replaces }) =>
        JSON.stringify(replaces ?? '').includes(`COORD-${count}`),
      );
      expect(next).toMatchObject({ performer: [offer('somatique-sud')], occurrenceDateTime: '2027-03-01' });
      expect(await show(id)).toMatch(/proposition.*autre destinataire[^]*remplacé[^]*clos/);
    },
    240_000,
  );
});
