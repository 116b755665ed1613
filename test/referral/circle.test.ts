/** The patient's care circle at the hospital of the pathway: found, joined or proposed, never overwritten (identity.md). */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource, Reference, Task } from '../../src/fhir/types.ts';
import { assignPerformer } from '../../src/referral/assign.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import type { Referral, ReferralEvent } from '../../src/store/referrals.ts';
import { exampleReferral, type NetworkStory, startNetworkStory } from './network-story.ts';
import { generalist, tenant } from './story.ts';

const network = 'https://passerelle.example/fhir/network';
const rpps = 'https://rpps.esante.gouv.fr';
const cds = 'https://interop.esante.gouv.fr/ig/fhir/cds/StructureDefinition/cds-ihe-careteam';
const psychiatrist = `${rpps}|10999900011`;
const doctor = `${network}|coreso-le-vinatier/person/medecin-generaliste`;
const nurse = `${network}|coreso-le-vinatier/person/infirmier`;

let world: NetworkStory;
let referral: Referral;

beforeEach(async () => {
  world = await startNetworkStory({
    ...{ network: 'coreso-le-vinatier', file: 'pathway-coreso-le-vinatier' },
    placerHome: ['https://finess.esante.gouv.fr|990780033'],
    fulfillerHome: [`${generalist.system}|${generalist.value}`],
    patientSystem: 'https://ch-le-vinatier.example/ipp',
  });
});
afterEach(async () => {
  await world.story.close();
});

/** Relayed, so that the patient is there; not accepted yet. */
async function relayed(bundle = exampleReferral('coreso')): Promise<string> {
  referral = await world.relayed(bundle);
  const [patient] = await world.story.find(world.story.servers.ville, 'Patient');
  return patient!.id!;
}

const accepted = (): Promise<void> => world.moveTask({ status: 'accepted' });

/** Resources that the town's own people wrote, at ids that its server gives. */
async function written(...resources: AnyResource[]): Promise<string[]> {
  const receipts = await world.story.servers.ville.transaction(
    resources.map((resource) => ({ method: 'POST', url: resource.resourceType, resource })),
  );
  return receipts.map(({ localId }) => localId);
}

function circle(patient: string, members: readonly Reference[], more: object = {}): AnyResource {
  return {
    resourceType: 'CareTeam',
    meta: { profile: [cds] },
    identifier: [{ system: 'https://ville.example/cercles', value: `C-${members.length}` }],
    status: 'active',
    name: 'Cercle de soins',
    subject: { reference: `Patient/${patient}` },
    period: { start: '2024-03-01' },
    participant: members.map((member) => ({ member, period: { start: '2024-03-01' } })),
    ...more,
  };
}

const circlesThere = (): Promise<AnyResource[]> =>
  world.story.find(world.story.servers.ville, 'CareTeam', { subject: `Patient/${patientId}` });
let patientId: string;

async function circleTasks(): Promise<(Task & AnyResource)[]> {
  const tasks = await world.story.find(world.story.servers.ville, 'Task');
  return tasks.filter(({ code }) => JSON.stringify(code).includes('"care-circle"')) as (Task & AnyResource)[];
}

async function told(): Promise<[string, unknown][]> {
  const events: ReferralEvent[] = await world.story.context.store.referrals.events(tenant, referral.id);
  return events
    .filter(({ kind }) => kind.startsWith('circle-'))
    .map(({ kind, detail }) => [kind, (detail as { members?: number }).members]);
}

function keysOf(references: readonly (Reference | undefined)[]): string[] {
  return references.map((one) => `${one?.identifier?.system}|${one?.identifier?.value}`);
}

function asked({ input = [] }: Task): string[] {
  return keysOf(input.map(({ valueReference }) => valueReference));
}

describe('where the hospital knows no circle of the patient', () => {
  beforeEach(async () => {
    patientId = await relayed();
  });

  it('proposes one with the requester and those who see the patient, and asks for it to be confirmed', async () => {
    await accepted();
    const [proposed, ...others] = await circlesThere();
    expect(others).toEqual([]);
    expect(proposed).toMatchObject({ status: 'proposed', subject: { reference: `Patient/${patientId}` } });
    const { participant } = proposed as unknown as { participant: { member: Reference }[] };
    expect(keysOf(participant.map(({ member }) => member))).toEqual([psychiatrist, nurse, doctor]);
    expect(participant.map(({ member }) => member.display)).toEqual([
      'Jeanne ESSAI-PSYCHIATRE, Centre hospitalier Le Vinatier',
      'expérience en psychiatrie',
      'Médecin, Médecine générale',
    ]);
    const [task, ...more] = await circleTasks();
    expect(more).toEqual([]);
    expect(task).toMatchObject({ status: 'requested', focus: { reference: `CareTeam/${proposed!.id}` } });
    expect(await told()).toEqual([['circle-proposed', 3]]);
    expect(await world.errors()).toEqual([]);
  });

  it('tells in the ledger what the hospital answered, once, and asks no more', async () => {
    await accepted();
    const [task] = await circleTasks();
    const { servers } = world.story;
    const statusReason = { text: 'Le patient ne le souhaite pas' };
    await servers.ville.update({ ...task!, status: 'rejected', statusReason } as AnyResource & {
      id: string;
    });
    await world.story.follow();
    await world.story.follow();
    const events = await world.story.context.store.referrals.events(tenant, referral.id);
    expect(events.filter(({ kind }) => kind === 'circle-answered')).toMatchObject([
      { actor: 'ville', detail: { to: 'rejected', reason: statusReason.text } },
    ]);
  });

  it('goes on asking for an answer that cannot be read for now', async () => {
    await accepted();
    const [task] = await circleTasks();
    const { hospitals, servers } = world.story;
    await servers.ville.update({ ...task!, status: 'completed' } as AnyResource & { id: string });
    hospitals.ville.setFaults(({ path }) =>
      path.includes(`/Task/${task!.id}`) ? { kind: 'answer', status: 403 } : undefined,
    );
    expect((await world.story.follow()).problems).toEqual([]);
    hospitals.ville.setFaults(undefined);
    await world.story.follow();
    expect((await told()).map(([kind]) => kind)).toEqual(['circle-proposed', 'circle-answered']);
  });

  it('lets the town GP join with the synthesis that hands the patient on, never as médecin traitant', async () => {
    await accepted();
    const [task] = await circleTasks();
    const { servers, context, coreso } = world.story;
    const [proposed] = (await circlesThere()) as [AnyResource & { id: string }];
    await servers.ville.update({ ...proposed, status: 'active' });
    await servers.ville.update({ ...task!, status: 'completed' } as AnyResource & { id: string });
    for (const step of ['consultation-1', 'consultation-2', 'consultation-3'])
      await world.held(step, [{ rpps: '10999900029' }, { rpps: '10999900045' }]);
    const handOver = await world.order('reorientation');
    const performer = [{ type: 'Practitioner', identifier: generalist, display: 'Dr ESSAI-VILLE' }];
    await assignPerformer(context, coreso, { ...handOver, performer }, Number(handOver.meta?.versionId));
    await world.send('coreso-synthesis');
    await world.story.deliver();
    const [, second] = (await circleTasks()).sort((a, b) => a.authoredOn!.localeCompare(b.authoredOn!));
    expect(second).toMatchObject({ status: 'requested', focus: { reference: `CareTeam/${proposed.id}` } });
    expect(asked(second!)).toEqual([`${generalist.system}|${generalist.value}`]);
    expect(JSON.stringify(second)).not.toContain('PCP');
    const [after] = await circlesThere();
    expect(after!.meta?.versionId).toBe('2'); // the hospital's own change, nothing of ours
    const patients = await world.story.find(servers.ville, 'Patient');
    expect(patients.map(({ generalPractitioner }) => generalPractitioner)).toEqual([undefined]);
    expect(await told()).toEqual([
      ['circle-proposed', 3],
      ['circle-joining', 1],
    ]);
    expect(await world.errors()).toEqual([]);
  });

  it('lets another town GP join whom the patient chose after the synthesis went out, once', async () => {
    await accepted();
    const { servers, context, coreso } = world.story;
    const other = { ...generalist, value: '10999900078' };
    context.servers.find(({ id }) => id === 'ville')!.homeOf.push(`${rpps}|${other.value}`);
    for (const step of ['consultation-1', 'consultation-2', 'consultation-3'])
      await world.held(step, [{ rpps: '10999900029' }, { rpps: '10999900045' }]);
    const named = async (identifier: typeof generalist): Promise<void> => {
      const handOver = await world.order('reorientation');
      await assignPerformer(context, coreso, {
        ...handOver,
        performer: [{ type: 'Practitioner', identifier }],
      });
      await world.story.deliver();
    };
    await named(generalist);
    await world.send('coreso-synthesis');
    await world.story.deliver();
    await named(other);
    await named(other);
    const tasks = (await circleTasks()).sort((a, b) => a.authoredOn!.localeCompare(b.authoredOn!));
    expect(tasks.slice(1).map(asked)).toEqual([[`${rpps}|${generalist.value}`], [`${rpps}|${other.value}`]]);
    const circles = await world.story.find(servers.ville, 'CareTeam', { subject: `Patient/${patientId}` });
    expect(circles.map((one) => one.meta?.versionId)).toEqual(['1']); // nothing of it was written again
    expect(await told()).toEqual([
      ['circle-proposed', 3],
      ['circle-joining', 1],
      ['circle-joining', 1],
    ]);
  });

  it('says so where the server keeps no care teams, and everything else goes on', async () => {
    world.story.hospitals.ville.setFaults(({ path }) =>
      path.includes('CareTeam') ? { kind: 'answer', status: 404 } : undefined,
    );
    await accepted();
    expect(await told()).toEqual([['circle-unsupported', 3]]);
    expect(await circleTasks()).toEqual([]);
    expect(await world.story.find(world.story.servers.ville, 'CarePlan')).toHaveLength(1);
  });

  it('asks the same after a lost answer, whoever made a circle meanwhile', async () => {
    const { hospitals, clock } = world.story;
    let lost = 0;
    hospitals.ville.setFaults(({ method, body }) =>
      method === 'POST' && body.includes('"proposed"') && lost++ === 0
        ? { kind: 'reset', when: 'after' }
        : undefined,
    );
    await accepted();
    await written(circle(patientId, []));
    clock.advance(600_000);
    await world.story.deliver();
    expect(lost).toBeGreaterThan(0);
    expect((await circlesThere()).filter(({ status }) => status === 'proposed')).toHaveLength(1);
    expect(await circleTasks()).toHaveLength(1);
    expect(await told()).toEqual([['circle-proposed', 3]]);
  });

  it('proposes nothing for a referral that was taken back before its server answered again', async () => {
    const { hospitals, servers, clock, context, psychiatrist } = world.story;
    const identifier = `https://passerelle.example/fhir/referral|${referral.id}/task`;
    const coordination = async () => (await world.story.find(servers.ville, 'Task', { identifier }))[0]!;
    await servers.ville.update({ ...(await coordination()), status: 'accepted' } as AnyResource & {
      id: string;
    });
    await world.story.follow();
    hospitals.ville.setFaults(() => ({ kind: 'answer', status: 503 }));
    await world.story.deliver();
    const { clinical } = context.store;
    const order = (await clinical.get(tenant, 'ServiceRequest', referral.orderId))!;
    await updateOrder(context, psychiatrist, { ...order, status: 'revoked' });
    hospitals.ville.setFaults(undefined);
    clock.advance(3_600_000);
    await world.story.deliver();
    expect(await coordination()).toMatchObject({ status: 'cancelled' });
    expect(await circlesThere()).toEqual([]);
    expect(await circleTasks()).toEqual([]);
  });

  it('takes what another gateway decided meanwhile', async () => {
    const { context } = world.story;
    await accepted();
    const ask = (await context.store.circles.get(tenant, referral.id, 1))!;
    expect(ask.state).toBe('proposed');
    expect(await context.store.circles.decide({ ...ask, state: 'complete' })).toBe(false);
    expect(await context.store.circles.get(tenant, referral.id, 1)).toEqual(ask);
  });

  it('asks for nobody whom no consent covers any more', async () => {
    const { clinical } = world.story.context.store;
    const [consent] = await clinical.ofPatient(tenant, 'Consent', referral.patientId, 10);
    await clinical.put(tenant, { ...consent!, status: 'inactive' }, new Date());
    await accepted();
    await world.story.deliver();
    expect(await circlesThere()).toEqual([]);
    expect(await told()).toEqual([]);
  });
});

describe('a requester whose role has an identifier of its own', () => {
  const roleKey = { system: 'https://ch-le-vinatier.example/roles', value: 'R-11' };

  beforeEach(async () => {
    const bundle = exampleReferral('coreso');
    for (const { resource } of bundle['entry'] as { resource: AnyResource }[])
      if (resource.resourceType === 'PractitionerRole') resource['identifier'] = [roleKey];
    patientId = await relayed(bundle);
  });

  it('is known in a circle by the person, too', async () => {
    const person = { system: rpps, value: '10999900011' };
    await written(circle(patientId, [{ type: 'PractitionerRole', identifier: person }]));
    await accepted();
    expect(asked((await circleTasks())[0]!)).toEqual([nurse, doctor]);
  });

  it('is proposed by it', async () => {
    await accepted();
    const [proposed] = (await circlesThere()) as unknown as [{ participant: { member: Reference }[] }];
    expect(proposed.participant[0]!.member).toMatchObject({ type: 'PractitionerRole', identifier: roleKey });
  });
});

describe('where the hospital has a circle of the patient', () => {
  beforeEach(async () => {
    patientId = await relayed();
  });

  it('asks for those who lack to join it, and writes nothing of it', async () => {
    const [practitioner] = await written({
      resourceType: 'Practitioner',
      identifier: [{ system: rpps, value: '10999900011' }],
    });
    const [role] = await written({
      resourceType: 'PractitionerRole',
      practitioner: { reference: `Practitioner/${practitioner}` },
    });
    const [id] = await written(circle(patientId, [{ reference: `PractitionerRole/${role}` }]));
    await accepted();
    expect(await circlesThere()).toMatchObject([{ id, meta: { versionId: '1' }, status: 'active' }]);
    const [task] = await circleTasks();
    expect(task).toMatchObject({ focus: { reference: `CareTeam/${id}` } });
    expect(asked(task!)).toEqual([nurse, doctor]);
    expect(await told()).toEqual([['circle-joining', 2]]);
  });

  it('asks nothing when everybody is in it', async () => {
    const members = [psychiatrist, doctor, nurse].map((key) => {
      const [system, value] = key.split('|') as [string, string];
      return { type: 'PractitionerRole', identifier: { system, value } };
    });
    await written(circle(patientId, members));
    await accepted();
    expect(await circleTasks()).toEqual([]);
    expect(await told()).toEqual([['circle-complete', 3]]);
  });

  it('knows who is in it by an address of its own server, too', async () => {
    const [system, value] = doctor.split('|') as [string, string];
    const [role] = await written({ resourceType: 'PractitionerRole', identifier: [{ system, value }] });
    const reference = `${world.story.servers.ville.base}/PractitionerRole/${role}`;
    await written(circle(patientId, [{ reference }]));
    await accepted();
    expect(asked((await circleTasks())[0]!)).toEqual([psychiatrist, nurse]);
  });

  it('asks again for whoever has left it', async () => {
    const [system, value] = doctor.split('|') as [string, string];
    const member = { type: 'PractitionerRole', identifier: { system, value } };
    const left = { start: '2024-03-01', end: '2025-01-31' };
    await written(circle(patientId, [], { participant: [{ member, period: left }] }));
    await accepted();
    expect(asked((await circleTasks())[0]!)).toContain(doctor);
  });

  it('leaves it to a person which of several it is', async () => {
    await written(circle(patientId, []), circle(patientId, [{ display: 'Dr ESSAI' }]));
    await accepted();
    const [task] = await circleTasks();
    expect(task).toMatchObject({ description: expect.stringContaining('plusieurs cercles') as unknown });
    expect(task!.focus).toBeUndefined();
    expect(await circlesThere()).toHaveLength(2);
    expect(await told()).toEqual([['circle-several', 3]]);
  });

  it('takes no team of a stay, no circle of the past and nobody else’s for it', async () => {
    const [other] = await written({ resourceType: 'Patient' });
    await written(
      circle(patientId, [], { meta: {}, category: [{ text: 'Hospitalisation' }] }),
      circle(patientId, [], { status: 'inactive' }),
      circle(patientId, [], { period: { start: '2023-01-01', end: '2024-12-31' } }),
      circle(other!, []),
    );
    await accepted();
    expect(await told()).toEqual([['circle-proposed', 3]]);
  });
});
