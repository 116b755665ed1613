/** Whom a referral names and the held directory has as closed: a person is asked to settle it with the patient (french-standards §8.3). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { assignPerformer } from '../../src/referral/assign.ts';
import { closeReferral } from '../../src/referral/close.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import { watchClocks } from '../../src/referral/watch.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { hold } from '../directory/held.ts';
import { testValidator } from '../validator.ts';
import { freshExample } from './fresh-example.ts';
import { generalist, startStory, type Story, tenant } from './story.ts';

const system = 'https://passerelle.example/fhir/referral';
const profile = 'https://passerelle.example/fhir/StructureDefinition/pas-closed-task';
const rpps = generalist.value;

let story: Story;
let referral: Referral;
let count = 0;

beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());
beforeEach(() => directory('active'));

/** What a synchronisation leaves: the GP, and where they practise. */
async function directory(person: 'active' | 'closed', place: 'active' | 'closed' = person): Promise<void> {
  await hold(story.context.store, 'national', 0, [
    { kind: 'Practitioner', key: `P8${rpps}`, identifiers: [`R${rpps}`], state: person },
    { kind: 'PractitionerRole', key: `Xrole-${rpps}`, practitioner: `P8${rpps}`, state: place },
  ]);
}

/** Placed, with what the patient's file says besides. */
async function placed(patient: object = {}): Promise<void> {
  count += 1;
  const bundle = freshExample(`closed-${count}`);
  const entries = bundle['entry'] as { resource: AnyResource }[];
  Object.assign(entries.find(({ resource }) => resource.resourceType === 'Patient')!.resource, patient);
  await acceptReferral(story.context, story.psychiatrist, bundle);
  const list = await story.context.store.referrals.list(tenant);
  referral = list.find(({ orderKey }) => orderKey.endsWith(`-closed-${count}`))!;
}

const found = async (type: string, part: string): Promise<AnyResource[]> => {
  const identifier = `${system}|${referral.id}/${part}`;
  return (await story.context.store.clinical.search(tenant, { type, identifier })).resources;
};
const asked = async (part = 'step/reorientation') => (await found('Task', `closed/${part}`))[0];
const told = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id))
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith('person-closed'));
const watch = () => watchClocks({ ...story.context, log: createLog('silent') }, tenant);

async function accepted(): Promise<void> {
  await placed();
  await story.deliver();
  const identifier = `${system}|${referral.id}/task`;
  const [task] = await story.find(story.servers.ville, 'Task', { identifier });
  await story.servers.ville.update({ ...task!, status: 'accepted' } as AnyResource & { id: string });
  await story.follow();
}

async function name(value: string): Promise<void> {
  const [order] = (await found('ServiceRequest', 'activity/reorientation')) as [AnyResource & { id: string }];
  const performer = [{ type: 'Practitioner', identifier: { ...generalist, value } }];
  await assignPerformer(story.context, story.coreso, { ...order, performer });
}

describe('a town GP whom a step hands the patient to', () => {
  it('who is in use is named without more', async () => {
    await accepted();
    await name(rpps);
    await watch();
    expect(await asked()).toBeUndefined();
  });

  it('who is closed is named, and whoever named them is asked for somebody else', async () => {
    await accepted();
    await directory('closed');
    await name(rpps);
    const task = await asked();
    expect(task).toMatchObject({
      status: 'requested',
      focus: { reference: `Task/${referral.taskId}` },
      description:
        'L’intervenant désigné (10999900037) pour « Réorientation vers un médecin généraliste de ville » n’exerce plus selon ' +
        'l’annuaire : désignez quelqu’un d’autre avec le patient.',
    });
    expect(task!['owner']).toEqual(
      (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!['owner'],
    );
    expect((await testValidator()).validate(task!, [profile])).toEqual([]);
    await watch();
    expect(await told()).toEqual(['person-closed']);
  });

  it('whose last place to practise is closed practises no more', async () => {
    await accepted();
    await directory('active', 'closed');
    await name(rpps);
    expect(await asked()).toMatchObject({ status: 'requested' });
  });

  it('who closes later is told at the next look, once, and no more once they are back', async () => {
    await accepted();
    await name(rpps);
    await directory('closed');
    await Promise.all([watch(), watch()]);
    expect(await asked()).toMatchObject({ status: 'requested', meta: { versionId: '1' } });
    await directory('active');
    await watch();
    expect(await asked()).toMatchObject({ status: 'completed', meta: { versionId: '2' } });
    expect(await told()).toEqual(['person-closed', 'person-closed-settled']);
  });

  it('is settled by naming somebody else', async () => {
    await accepted();
    await directory('closed');
    await name(rpps);
    await hold(story.context.store, 'national', 0, []);
    const ville = story.context.servers.find(({ id }) => id === 'ville')!;
    ville.homeOf.push(`${generalist.system}|10999900078`);
    await name('10999900078');
    expect(await asked()).toMatchObject({ status: 'completed' });
    await watch();
    expect(await told()).toEqual(['person-closed', 'person-closed-settled']);
  });

  it('no longer matters once the referral is closed', async () => {
    await accepted();
    await directory('closed');
    await name(rpps);
    const { store } = story.context;
    await store.transaction(async (tx) => {
      const held = (await tx.referrals.lock(tenant, referral.id))!;
      await closeReferral(tx, { ...held, state: 'failed' }, 'Dr Essai', new Date(story.clock.now()));
    });
    expect(await asked()).toMatchObject({ status: 'cancelled' });
    await watch();
    expect(await told()).toEqual(['person-closed', 'person-closed-settled']);
  });
});

describe('the médecin traitant whom the patient declared', () => {
  const generalPractitioner = [{ type: 'Practitioner', identifier: generalist }];

  it('who is closed is told to the placer when the referral is placed; nothing of the declaration changes', async () => {
    await directory('closed');
    await placed({ generalPractitioner });
    expect(await asked('declared')).toMatchObject({
      status: 'requested',
      owner: { type: 'PractitionerRole' },
      description:
        'Le médecin traitant déclaré (10999900037) n’exerce plus selon l’annuaire : demandez au patient qui il choisit.',
    });
    const patient = await story.context.store.clinical.get(tenant, 'Patient', referral.patientId);
    expect(patient!['generalPractitioner']).toEqual(generalPractitioner);
  });

  it('who closes before anybody accepted is told, and the placer’s withdrawal ends it', async () => {
    await placed({ generalPractitioner });
    expect(await asked('declared')).toBeUndefined();
    await directory('closed');
    await watch();
    expect(await asked('declared')).toMatchObject({ status: 'requested' });
    const order = await story.context.store.clinical.get(tenant, 'ServiceRequest', referral.orderId);
    await updateOrder(story.context, story.psychiatrist, { ...order!, status: 'revoked' });
    expect(await asked('declared')).toMatchObject({ status: 'cancelled' });
  });
});
