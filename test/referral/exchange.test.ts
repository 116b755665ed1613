/** What happens around the straight story: servers down, Tasks that jump, refusals, consultations that do not fit. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { assignPerformer } from '../../src/referral/assign.ts';
import { recordConsultation } from '../../src/referral/consult.ts';
import type { Referral } from '../../src/store/referrals.ts';
import type { FaultHook } from '../../src/sandbox/fault.ts';
import { example, generalist, startStory, type Story, tenant } from './story.ts';

let story: Story;
let referral: Referral;

beforeEach(async () => {
  story = await startStory();
  await acceptReferral(story.context, story.psychiatrist, example());
  [referral] = (await story.context.store.referrals.list(tenant)) as [Referral];
});
afterEach(async () => {
  await story.close();
});

const taskKey = (): string => `https://passerelle.example/fhir/referral|${referral.id}/task`;

async function moveTask(change: object): Promise<void> {
  const [task] = await story.find(story.servers.ville, 'Task', { identifier: taskKey() });
  await story.servers.ville.update({ ...task!, ...change } as AnyResource & { id: string });
}

async function accepted(): Promise<void> {
  await story.deliver();
  await moveTask({ status: 'accepted' });
  await story.follow();
  await story.deliver();
}

async function order(step: string): Promise<AnyResource & { id: string }> {
  const identifier = `https://passerelle.example/fhir/referral|${referral.id}/activity/${step}`;
  const { resources } = await story.context.store.clinical.search(tenant, {
    type: 'ServiceRequest',
    identifier,
  });
  return resources[0]!;
}

function encounter(change: object = {}): AnyResource {
  const person = { individual: { type: 'Practitioner', identifier: generalist } };
  const nurse = { individual: { identifier: { ...generalist, value: '10999900045' } } };
  return {
    resourceType: 'Encounter',
    identifier: [{ system: 'https://coreso.example/consultations', value: 'C-1' }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${referral.patientId}` },
    participant: [person, nurse],
    period: { start: '2026-10-01T09:00:00+02:00', end: '2026-10-01T09:45:00+02:00' },
    ...change,
  };
}

const kinds = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);

describe('relaying', () => {
  it.each<[string, FaultHook]>([
    ['is down', () => ({ kind: 'answer', status: 503 })],
    [
      'takes the transaction and loses the answer',
      ({ method, path }) => (method === 'POST' && path === '' ? { kind: 'reset', when: 'after' } : undefined),
    ],
  ])('rule 3: a server that %s has everything once in the end', async (_case, hook) => {
    story.hospitals.ville.setFaults(hook);
    await story.deliver();
    expect(await kinds()).not.toContain('relayed');
    story.hospitals.ville.setFaults(undefined);
    story.clock.advance(3_600_000);
    await story.deliver();
    for (const type of ['ServiceRequest', 'Patient', 'Consent', 'DocumentReference'])
      expect(await story.find(story.servers.ville, type)).toHaveLength(1);
    expect(await kinds()).toContain('relayed');
  });

  it('uses the record of a patient whom the hospital knows, and asks its identity cell nothing', async () => {
    const [{ resource }] = example()['entry'] as [{ resource: AnyResource }];
    await story.servers.ville.transaction([
      { method: 'POST', url: 'Patient', resource, fullUrl: 'urn:uuid:1' },
    ]);
    await story.deliver();
    const [known, ...others] = await story.find(story.servers.ville, 'Patient');
    expect(others).toEqual([]);
    const [task, ...more] = await story.find(story.servers.ville, 'Task');
    expect(more).toEqual([]);
    expect(task!['for']).toEqual({ reference: `Patient/${known!.id}` });
    expect(await kinds()).toContain('patient-known');
  });
});

describe('following the Task', () => {
  it('passes through what a poll missed, and starts the plan', async () => {
    await story.deliver();
    await moveTask({ status: 'in-progress' });
    expect((await story.follow()).moved).toEqual([{ referral: referral.id, to: 'in-progress' }]);
    expect((await kinds()).filter((kind) => kind === 'task')).toHaveLength(2);
    expect((await story.context.store.referrals.get(tenant, referral.id))?.carePlanId).not.toBeNull();
  });

  it('mirrors a refusal with its reason; the referral stays open until the placer has seen it (REF-04)', async () => {
    await story.deliver();
    await moveTask({ status: 'rejected', statusReason: { text: 'Hors secteur' } });
    await story.follow();
    const task = await story.context.store.clinical.get(tenant, 'Task', referral.taskId);
    expect(task).toMatchObject({ status: 'rejected', statusReason: { text: 'Hors secteur' } });
    const closed = await story.context.store.referrals.get(tenant, referral.id);
    expect(closed).toMatchObject({ state: 'rejected', carePlanId: null, closedAt: null });
  });

  it('shows what the fulfiller asks for while the status stays, and no longer once it has it (REF-02)', async () => {
    const own = (): Promise<AnyResource | undefined> =>
      story.context.store.clinical.get(tenant, 'Task', referral.taskId);
    const statusReason = { text: 'Compte rendu biologique attendu' };
    await story.deliver();
    await moveTask({ status: 'received' });
    await story.follow();
    expect(await own()).not.toHaveProperty('statusReason');
    await moveTask({ statusReason });
    await story.follow();
    await story.follow();
    expect(await own()).toMatchObject({ status: 'received', statusReason });
    expect((await kinds()).filter((kind) => kind === 'task-told')).toHaveLength(1);
    await moveTask({ statusReason: undefined });
    await story.follow();
    expect(await own()).not.toHaveProperty('statusReason');
  });

  it('starts no plan for what failed before anybody saw it accepted', async () => {
    await story.deliver();
    await moveTask({ status: 'failed', statusReason: { text: 'Patient décédé' } });
    await story.follow();
    expect(await kinds()).not.toContain('plan-started');
    expect((await story.context.store.referrals.get(tenant, referral.id))?.state).toBe('failed');
  });

  it.each(['rejected', 'cancelled'])(
    'revokes at both sides the plan of what is %s after all',
    async (status) => {
      await accepted();
      await moveTask({ status, statusReason: { text: 'Secteur fermé' } });
      await story.follow();
      await story.deliver();
      const [plan] = await story.find(story.servers.ville, 'CarePlan');
      expect(plan?.['status']).toBe('revoked');
      expect((await order('consultation-1'))['status']).toBe('revoked');
      const orders = await story.find(story.servers.ville, 'ServiceRequest', { intent: 'order' });
      expect(new Set(orders.map(({ status: one }) => one))).toEqual(new Set(['revoked']));
    },
  );

  it('tells a move that is not allowed once, however often it is polled (P-33)', async () => {
    await accepted();
    await moveTask({ status: 'requested' });
    expect((await story.follow()).problems).toHaveLength(1);
    expect((await story.follow()).problems).toHaveLength(1);
    expect((await kinds()).filter((kind) => kind === 'move-refused')).toHaveLength(1);
    const own = await story.context.store.clinical.get(tenant, 'Task', referral.taskId);
    expect(own?.['status']).toBe('accepted');
  });

  it('tells a server that does not answer, and a Task that is gone', async () => {
    await story.deliver();
    const [task] = await story.find(story.servers.ville, 'Task', { identifier: taskKey() });
    await fetch(`${story.hospitals.ville.base}/Task/${task!.id}`, { method: 'DELETE' });
    expect((await story.follow()).problems[0]?.message).toContain('disparu');
    await story.hospitals.ville.close();
    expect((await story.follow()).problems).toMatchObject([{ server: 'ville', referral: undefined }]);
  });

  it('two gateways following at once start one plan', async () => {
    await story.deliver();
    await moveTask({ status: 'accepted' });
    await Promise.all([story.follow(), story.follow()]);
    expect((await kinds()).filter((kind) => kind === 'plan-started')).toHaveLength(1);
  });
});

describe('a consultation', () => {
  const send = async (change: object, step = 'consultation-1') => {
    const basedOn = [{ reference: `ServiceRequest/${(await order(step)).id}` }];
    return recordConsultation(story.context, story.coreso, encounter({ basedOn, ...change }));
  };

  it.each<[string, object, object]>([
    ['not finished', { status: 'in-progress' }, { category: 'unprocessable' }],
    [
      'with one participant',
      { participant: [{ individual: { identifier: generalist } }] },
      { category: 'unprocessable' },
    ],
    [
      'with one participant told twice',
      {
        participant: [{ individual: { identifier: generalist } }, { individual: { identifier: generalist } }],
      },
      { category: 'unprocessable' },
    ],
    [
      'with a participant whom only the sender’s server knows',
      {
        participant: [
          { individual: { identifier: generalist } },
          { individual: { identifier: { ...generalist, value: '10999900045' } } },
          { individual: { reference: 'Practitioner/7' } },
        ],
      },
      { category: 'unprocessable' },
    ],
    ['of another patient', { subject: { reference: 'Patient/autre' } }, { category: 'unprocessable' }],
    ['without identifier', { identifier: undefined }, { category: 'unprocessable' }],
    [
      'of an unknown order',
      { basedOn: [{ reference: 'ServiceRequest/inconnue' }] },
      { category: 'not-found' },
    ],
    ['of no order', { basedOn: undefined }, { category: 'not-found' }],
  ])('is refused when %s', async (_case, change, expected) => {
    await accepted();
    const resource = JSON.parse(JSON.stringify(change)) as object;
    const omitted = Object.keys(change).filter((name) => !Object.hasOwn(resource, name));
    const basedOn = [{ reference: `ServiceRequest/${(await order('consultation-1')).id}` }];
    const sent = encounter({ basedOn, ...resource });
    for (const name of omitted) delete sent[name];
    await expect(recordConsultation(story.context, story.coreso, sent)).rejects.toMatchObject(expected);
  });

  it('is refused to anybody but the fulfiller', async () => {
    await accepted();
    const other = { ...story.coreso, server: 'vinatier' };
    const basedOn = [{ reference: `ServiceRequest/${(await order('consultation-1')).id}` }];
    await expect(recordConsultation(story.context, other, encounter({ basedOn }))).rejects.toMatchObject({
      category: 'not-found',
    });
    await expect(
      recordConsultation(story.context, story.psychiatrist, encounter({ basedOn })),
    ).rejects.toMatchObject({
      category: 'forbidden',
    });
  });

  it('posted twice at the same moment has one effect', async () => {
    await accepted();
    const answers = await Promise.all([send({}), send({}), send({})]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect((await kinds()).filter((kind) => kind === 'consultation')).toHaveLength(1);
  });

  it('with the same identifier and other content is a duplicate; the same step twice is refused', async () => {
    await accepted();
    await send({});
    await expect(send({ period: { start: '2026-10-02', end: '2026-10-02' } })).rejects.toMatchObject({
      category: 'duplicate',
    });
    const another = [{ system: 'https://coreso.example/consultations', value: 'C-2' }];
    await expect(send({ identifier: another })).rejects.toThrow('déjà réalisée');
  });

  it('names its order by identifier as well', async () => {
    await accepted();
    const [identifier] = (await order('consultation-1'))['identifier'] as [object];
    expect((await send({ basedOn: [{ identifier }] })).status).toBe(201);
  });
});

describe('the order of a step', () => {
  it('takes a performer and nothing else, at its current version only', async () => {
    await accepted();
    const current = await order('reorientation');
    const put = (change: object, expected?: number) =>
      assignPerformer(story.context, story.coreso, { ...current, ...change }, expected);
    const performer = [{ type: 'Practitioner', identifier: generalist }];
    await expect(put({ performer, priority: 'stat' })).rejects.toThrow('performer');
    await expect(put({ performer: [{ reference: 'Practitioner/1' }] })).rejects.toThrow(
      'identifiant national',
    );
    const nowhere = [{ identifier: { ...generalist, value: '10999900094' } }];
    await expect(put({ performer: nowhere })).rejects.toThrow('Aucun serveur');
    await expect(put({ performer }, 7)).rejects.toMatchObject({ category: 'conflict' });
    expect((await put({ performer }, 1)).meta?.versionId).toBe('2');
    expect(await story.context.store.clinical.history(tenant, 'ServiceRequest', current.id)).toHaveLength(2);
  });
});

describe('a tenant', () => {
  it('P-36: sees and moves nothing of another', async () => {
    await accepted();
    const stranger = { ...story.coreso, tenant: 'autre' };
    const basedOn = [{ reference: `ServiceRequest/${(await order('consultation-1')).id}` }];
    await expect(recordConsultation(story.context, stranger, encounter({ basedOn }))).rejects.toMatchObject({
      category: 'not-found',
    });
    await expect(
      acceptReferral(story.context, { ...story.psychiatrist, tenant: 'autre' }, example()),
    ).rejects.toThrow('Aucun réseau connu');
  });
});
