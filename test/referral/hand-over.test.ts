/** A referral goes on with another performer after it has started: asked by the placer's side, or handed over by who has it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { clocksOf } from '../../src/referral/clocks.ts';
import { recordConsultation } from '../../src/referral/consult.ts';
import { direct } from '../../src/referral/direct.ts';
import { reached } from '../../src/referral/milestones.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { peopleOf } from '../../src/referral/people.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import { transferTask } from '../../src/referral/transfer-task.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral, ReferralEvent } from '../../src/store/referrals.ts';
import { freshExample } from './fresh-example.ts';
import { publishNetworks } from './networks.ts';
import { generalist, startStory, type Story, tenant } from './story.ts';

let story: Story;
let referral: Referral;
let count = 0;

const system = 'https://passerelle.example/fhir/referral';
const network = 'https://passerelle.example/fhir/network';
const nord = 'somatique-nord/offer/consultation';
/** At the other hospital's server. */
const sud = 'somatique-sud/offer/consultation';
const offer = (value: string) => ({ identifier: { system: network, value } });

beforeAll(async () => {
  story = await startStory();
  await publishNetworks(story, { 'somatique-nord': 'ville', 'somatique-sud': 'vinatier' });
});
afterAll(() => story.close());

/** A referral to Coreso that has started: its first consultation was held. */
beforeEach(async () => {
  count += 1;
  await acceptReferral(story.context, story.psychiatrist, freshExample(`hand-${count}`));
  const list = await story.context.store.referrals.list(tenant);
  referral = list.find(({ orderKey }) => orderKey.endsWith(`-hand-${count}`))!;
  await story.deliver();
  await move({ status: 'in-progress' });
  await consult('consultation-1');
  await story.deliver();
});

const now = async (): Promise<Referral> => (await story.context.store.referrals.get(tenant, referral.id))!;
const events = (): Promise<ReferralEvent[]> => story.context.store.referrals.events(tenant, referral.id);
const eventOf = async (kind: string) => (await events()).findLast((event) => event.kind === kind);
const own = async (type: string, id: string): Promise<AnyResource & { id: string }> =>
  (await story.context.store.clinical.get(tenant, type, id))!;
const task = () => own('Task', referral.taskId);
const found = async (type: string, part: string): Promise<AnyResource[]> => {
  const identifier = `${system}|${referral.id}/${part}`;
  return (await story.context.store.clinical.search(tenant, { type, identifier })).resources;
};
const there = async (part: string, server: 'ville' | 'vinatier' = 'ville', type = 'Task') =>
  (await story.find(story.servers[server], type, { identifier: `${system}|${referral.id}/${part}` }))[0];

/** A Task moves at its server, and the gateway looks. */
async function move(change: object, part = 'task', server: 'ville' | 'vinatier' = 'ville'): Promise<void> {
  const resource = { ...(await there(part, server))!, ...change } as AnyResource & { id: string };
  await story.servers[server].update(resource);
  await story.follow();
  await story.deliver();
}

async function consult(step: string, n = 1, number = 1, caller = story.coreso): Promise<AnyResource> {
  const [order] = await found('ServiceRequest', `activity/${step}${n === 1 ? '' : `/${n}`}`);
  const person = (value: string) => ({
    individual: { type: 'Practitioner', identifier: { system: generalist.system, value } },
  });
  const { resource } = await recordConsultation(story.context, caller, {
    resourceType: 'Encounter',
    identifier: [{ system: 'https://coreso.example/consultations', value: `H-${count}-${number}` }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { identifier: { system: 'https://ch-le-vinatier.example/ipp', value: '800012345' } },
    basedOn: [{ reference: `ServiceRequest/${order!.id}` }],
    participant: [person('10999900029'), person('10999900045')],
    period: { start: '2026-10-01T09:00:00+02:00', end: '2026-10-01T09:45:00+02:00' },
  });
  return resource;
}

const pathway = () => createPathway({ ...story.context });

async function transfer(to: string, reason?: string): Promise<void> {
  const parts = { ...story.context, pathway: pathway() };
  await story.context.store.transaction(async (tx) => {
    const locked = (await tx.referrals.lock(tenant, referral.id))!;
    const direction = { to, by: 'Mme ESSAI', kind: 'transfer', role: 'placer' } as const;
    await direct(tx, parts, locked, { ...direction, ...(reason ? { reason } : {}) });
  });
  await story.deliver();
}

describe('the placer’s side wants another performer after the start', () => {
  it('asks by a Task of its own at whoever has it, and nothing moves until that is answered (REF-03)', async () => {
    await transfer(nord, 'Le patient a déménagé');
    expect(await there('transfer/1')).toMatchObject({
      status: 'requested',
      code: { coding: [{ code: 'abort' }] },
      reasonCode: { text: 'Le patient a déménagé' },
    });
    expect(await task()).toMatchObject({
      status: 'in-progress',
      businessStatus: { text: 'Transmission demandée' },
    });
    expect(await now()).toMatchObject({ state: 'in-progress', candidate: 1 });
    expect(await eventOf('transfer-asked')).toMatchObject({ actor: 'Mme ESSAI' });
    await expect(transfer(nord)).rejects.toThrow('déjà demandée');
  });

  it('goes on as before when the performer refuses, and may be asked again, three times in all', async () => {
    for (const ask of [1, 2, 3]) {
      await transfer(nord);
      await move({ status: 'rejected', statusReason: { text: 'Suivi engagé' } }, `transfer/${ask}`);
      expect(await eventOf('transfer-answered')).toMatchObject({
        actor: 'ville',
        detail: { to: 'rejected', reason: 'Suivi engagé' },
      });
    }
    await story.follow();
    expect((await events()).filter(({ kind }) => kind === 'transfer-answered')).toHaveLength(3);
    expect(await task()).toMatchObject({ status: 'in-progress' });
    expect(await task()).not.toHaveProperty('businessStatus');
    expect(await now()).toMatchObject({ state: 'in-progress', candidate: 1 });
    await expect(transfer(nord)).rejects.toThrow('3 fois');
    await move({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'in-progress', candidate: 1 });
  });

  it.each(['cancelled', 'failed'])(
    'goes on with the other once the Task there is %s, its reason told',
    async (status) => {
      await transfer(nord, 'Le patient a déménagé');
      await move({ status, statusReason: { text: 'Entendu, dossier joint' } });
      const owner = offer(nord);
      expect(await task()).toMatchObject({ status: 'requested', owner });
      expect(await task()).not.toHaveProperty('businessStatus');
      const [before] = await found('Task', 'candidate/1');
      expect(before).toMatchObject({ status, statusReason: { text: 'Entendu, dossier joint' } });
      expect(await there('task/2')).toMatchObject({ status: 'requested', owner });
      expect(await now()).toMatchObject({ state: 'requested', candidate: 2, networkId: 'somatique-nord' });
      expect(await eventOf('transferred')).toMatchObject({
        actor: 'Mme ESSAI',
        detail: { reason: 'Le patient a déménagé' },
      });
      const people = await peopleOf(story.context.store, await now(), await events());
      expect(people.map(({ role, name }) => `${role} : ${name}`)).toEqual(
        expect.arrayContaining([
          'a demandé la transmission : Mme ESSAI',
          'a transmis l’adressage : Mme ESSAI',
        ]),
      );
    },
  );

  it('leaves it to a person when the patient’s consents no longer cover the other: nothing is lost', async () => {
    await transfer(nord);
    const { resources } = await story.context.store.clinical.search(tenant, {
      type: 'Consent',
      patient: referral.patientId,
    });
    await updateConsent(story.context, story.psychiatrist, { ...resources[0]!, status: 'inactive' });
    await move({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'requested', candidate: null, closedAt: null });
    expect((await found('Task', 'routing'))[0]).toMatchObject({ status: 'requested' });
    expect(await there('task/2')).toBeUndefined();
  });

  it('is over when the placer takes it back meanwhile', async () => {
    await transfer(nord);
    await updateOrder(story.context, story.psychiatrist, {
      ...(await own('ServiceRequest', referral.orderId)),
      status: 'revoked',
    });
    await story.deliver();
    await expect(transfer(sud)).rejects.toThrow('reprise');
    await move({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
    expect(await there('task/2')).toBeUndefined();
  });
});

describe('whoever has it hands it over after the start', () => {
  const put = async (change: object) => {
    const parts = { ...story.context, pathway: pathway() };
    const answered = await transferTask(parts, story.coreso, { ...(await task()), ...change });
    await story.deliver();
    return answered;
  };

  it('by naming the next one: its own Task ends with the reason, the other is asked at once', async () => {
    const owner = offer(nord);
    const handed = await put({ owner, statusReason: { text: 'Congé' } });
    expect(handed).toMatchObject({ status: 'requested', owner });
    expect(await there('task')).toMatchObject({ status: 'cancelled', statusReason: { text: 'Congé' } });
    expect((await found('Task', 'candidate/1'))[0]).toMatchObject({
      status: 'cancelled',
      statusReason: { text: 'Congé' },
    });
    expect(await there('task/2')).toMatchObject({ status: 'requested', owner });
    expect(await now()).toMatchObject({ state: 'requested', candidate: 2, closedAt: null });
  });

  it('and cannot act on it any more', async () => {
    await put({ owner: offer(nord) });
    await expect(consult('consultation-2', 1, 2)).rejects.toMatchObject({ category: 'not-found' });
  });
});

describe('whoever goes on', () => {
  const stop = () => move({ status: 'cancelled', statusReason: { text: 'Transmis' } });

  it('with the same protocol begins with what was done, and does the rest; the clocks begin anew', async () => {
    const { carePlanId } = await now();
    await transfer('coreso-le-vinatier');
    await stop();
    story.clock.advance(60_000);
    await move({ status: 'in-progress' }, 'task/2');
    const after = await now();
    const plan = await own('CarePlan', after.carePlanId!);
    expect(plan).toMatchObject({ status: 'active', replaces: [{ reference: `CarePlan/${carePlanId!}` }] });
    const [done] = await found('ServiceRequest', 'activity/consultation-1/2');
    expect(done).toMatchObject({ status: 'completed' });
    const [first] = plan['activity'] as { outcomeReference?: { identifier: object }[] }[];
    expect(first!.outcomeReference).toMatchObject([{ identifier: { value: `H-${count}-1` } }]);
    expect(await there('care-plan/2', 'ville', 'CarePlan')).toMatchObject({
      activity: [{ outcomeReference: [{ identifier: { value: `H-${count}-1` } }] }, {}, {}, {}, {}, {}],
    });
    expect((await own('CarePlan', carePlanId!))['status']).toBe('revoked');
    await consult('consultation-2', 2, 2);
    const ledger = await events();
    const clocks = clocksOf(
      { closedAt: null, events: ledger },
      story.context.rules.clocks,
      new Date(story.clock.now()),
    );
    const handed = (await eventOf('transferred'))!.at;
    for (const { startedAt } of clocks) expect(startedAt.getTime()).toBeGreaterThanOrEqual(handed.getTime());
    const { doneAt } = reached(ledger).steps.find(({ step }) => step.id === 'consultation-1')!;
    expect(doneAt).toBeInstanceOf(Date);
  });

  it('may be who had it first: everything in order, each thing once, what was done before and between kept', async () => {
    await transfer(sud);
    await stop();
    await move({ status: 'accepted' }, 'task/2', 'vinatier');
    await consult('consultation', 2, 3, { ...story.coreso, server: 'vinatier' });
    await transfer('coreso-le-vinatier');
    await move({ status: 'cancelled', statusReason: { text: 'Rendu' } }, 'task/2', 'vinatier');
    await move({ status: 'in-progress' }, 'task/3');
    expect(await now()).toMatchObject({ state: 'in-progress', candidate: 3, fulfillerServer: 'ville' });

    // Order: each turn ended before the next one began.
    const turns = (await events())
      .filter(({ kind }) => ['relayed', 'transferred', 'plan-started'].includes(kind))
      .map(({ kind }) => kind);
    expect(turns).toEqual(
      Array.from({ length: 3 }, () => ['relayed', 'plan-started', 'transferred'])
        .flat()
        .slice(0, -1),
    );
    const asked = await Promise.all(
      ['candidate/1', 'candidate/2', 'candidate/3'].map((part) => found('Task', part)),
    );
    expect(asked.map(([one]) => one?.['status'])).toEqual(['cancelled', 'cancelled', 'in-progress']);

    // What it did in its first turn is done, the rest is to do; the plan between is replaced and stays to be read.
    expect((await found('ServiceRequest', 'activity/consultation-1/3'))[0]).toMatchObject({
      status: 'completed',
    });
    expect((await found('ServiceRequest', 'activity/consultation-2/3'))[0]).toMatchObject({
      status: 'active',
    });
    const plan = (await there('care-plan/3', 'ville', 'CarePlan'))!;
    const between = (await there('care-plan/2', 'ville', 'CarePlan'))!;
    expect(between).toMatchObject({ status: 'revoked' });
    expect(plan['replaces']).toMatchObject([{ reference: `CarePlan/${between.id!}` }]);
    await consult('consultation-2', 3, 4);
    await story.deliver();

    // Once: no identifier of the referral, PLAC and FILL among them, names two things at a server.
    for (const server of ['ville', 'vinatier'] as const)
      for (const type of [
        'Patient',
        'ServiceRequest',
        'Task',
        'CarePlan',
        'DocumentReference',
        'Encounter',
      ]) {
        const all = (await story.find(story.servers[server], type)).flatMap(({ identifier }) =>
          (identifier as { system: string; value: string }[]).map((one) => `${one.system}|${one.value}`),
        );
        const ours = all.filter((key) => key.includes(referral.id));
        expect(ours.filter((key, index) => ours.indexOf(key) < index)).toEqual([]);
      }
    const orders = await Promise.all(
      ['', '/3'].map((n) =>
        story.find(story.servers.ville, 'ServiceRequest', {
          identifier: `https://passerelle.example/fhir/filler-order|${referral.id}${n}`,
        }),
      ),
    );
    expect(orders.map((some) => some.length)).toEqual([1, 1]);

    // Its first Task has ended: whatever is done with it there moves nothing.
    const before = await events();
    await move({ status: 'in-progress' });
    await story.follow();
    expect(await events()).toHaveLength(before.length);
  });

  it('at another hospital with another protocol finds the plan that was left and the consultations held', async () => {
    const { carePlanId } = await now();
    await transfer(sud);
    await stop();
    expect(await there('care-plan', 'vinatier', 'CarePlan')).toBeUndefined();
    await move({ status: 'accepted' }, 'task/2', 'vinatier');
    expect(await there('care-plan', 'vinatier', 'CarePlan')).toMatchObject({
      status: 'revoked',
      activity: [{ outcomeReference: [{ identifier: { value: `H-${count}-1` } }] }, {}, {}, {}, {}, {}],
    });
    const encounters = await story.find(story.servers.vinatier, 'Encounter', {
      identifier: `https://coreso.example/consultations|H-${count}-1`,
    });
    const left = (await there('activity/consultation-1', 'vinatier', 'ServiceRequest'))!;
    expect(encounters).toMatchObject([{ basedOn: [{ reference: `ServiceRequest/${left.id!}` }] }]);
    const plan = (await there('care-plan/2', 'vinatier', 'CarePlan'))!;
    expect(plan).toMatchObject({ status: 'active' });
    expect(plan['replaces']).toHaveLength(1);
    expect(plan['activity']).toHaveLength(2);
    expect((await own('CarePlan', (await now()).carePlanId!))['replaces']).toMatchObject([
      { reference: `CarePlan/${carePlanId!}` },
    ]);
  });
});
