/** A referral turns to another performer: handed over before the start, or refused with something else proposed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { answerProposal } from '../../src/referral/answer-proposal.ts';
import { direct } from '../../src/referral/direct.ts';
import { contentNow } from '../../src/referral/kept-content.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { updateTask } from '../../src/referral/placer.ts';
import { transferTask } from '../../src/referral/transfer-task.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { publishNetworks } from './networks.ts';
import { startStory, type Story, tenant } from './story.ts';
import { freshExample } from './fresh-example.ts';

let story: Story;
let referral: Referral;
let count = 0;

const system = 'https://passerelle.example/fhir/referral';
const network = 'https://passerelle.example/fhir/network';
const offer = (name: string) => ({
  type: 'HealthcareService',
  identifier: { system: network, value: `${name}/offer/consultation` },
});

beforeAll(async () => {
  story = await startStory();
  await publishNetworks(story);
});
afterAll(() => story.close());

/** A referral to Coreso, relayed. */
beforeEach(async () => {
  count += 1;
  const bundle = freshExample(`turn-${count}`);
  await acceptReferral(story.context, story.psychiatrist, bundle);
  const list = await story.context.store.referrals.list(tenant);
  referral = list.find(({ orderKey }) => orderKey.endsWith(`-turn-${count}`))!;
  await story.deliver();
});

const now = async (id = referral.id): Promise<Referral> =>
  (await story.context.store.referrals.get(tenant, id))!;
const task = async (): Promise<AnyResource & { id: string }> =>
  (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!;

async function there(n = 1, { id } = referral): Promise<AnyResource | undefined> {
  const identifier = `${system}|${id}/${n === 1 ? 'task' : `task/${n}`}`;
  return (await story.find(story.servers.ville, 'Task', { identifier }))[0];
}

async function move(change: object, n = 1): Promise<void> {
  await story.servers.ville.update({ ...(await there(n))!, ...change } as AnyResource & { id: string });
  await story.follow();
  await story.deliver();
}

const pathway = () => {
  return createPathway(story.context);
};

async function transfer(to: string): Promise<void> {
  const { store } = story.context;
  await store.transaction(async (tx) => {
    const locked = (await tx.referrals.lock(tenant, referral.id))!;
    const parts = { ...story.context, pathway: pathway() };
    await direct(tx, parts, locked, {
      to,
      by: 'Mme ESSAI',
      kind: 'transfer',
      role: 'placer',
      reason: 'Trop loin',
    });
  });
  await story.deliver();
}

describe('a referral that is handed over', () => {
  it('leaves whoever had accepted it, with its plan revoked, and begins anew at the other’s', async () => {
    await move({ status: 'accepted' });
    const { carePlanId } = await now();
    await transfer('somatique-sud/offer/consultation');
    expect(await there(1)).toMatchObject({ status: 'cancelled', statusReason: { text: 'Trop loin' } });
    expect(await there(2)).toMatchObject({ status: 'requested', owner: offer('somatique-sud') });
    expect(await story.context.store.clinical.get(tenant, 'CarePlan', carePlanId!)).toMatchObject({
      status: 'revoked',
    });
    expect(await task()).toMatchObject({ status: 'requested', owner: offer('somatique-sud') });
    expect(await now()).toMatchObject({ state: 'requested', candidate: 2, networkId: 'somatique-sud' });

    await move({ status: 'accepted' }, 2);
    const after = await now();
    expect(after).toMatchObject({ state: 'accepted' });
    expect(after.carePlanId).not.toBe(carePlanId);
    const identifier = `${system}|${referral.id}/activity/consultation/2`;
    const { resources } = await story.context.store.clinical.search(tenant, {
      type: 'ServiceRequest',
      identifier,
    });
    expect(resources).toHaveLength(1);
  });

  it('takes along what the placer added in the meantime', async () => {
    const input = [{ type: { text: 'Bilan demandé' }, valueString: 'Joint à la lettre' }];
    await updateTask(story.context, story.psychiatrist, { ...(await task()), input });
    await transfer('somatique-sud/offer/consultation');
    expect(await there(2)).toMatchObject({ input });
  });

  it('within one hospital leaves what it has as it is, whatever became of it there', async () => {
    const identifier = `${system}|${referral.id}/letter/1`;
    const [letter] = await story.find(story.servers.ville, 'DocumentReference', { identifier });
    const touched = { ...letter!, description: 'Lue le 8' } as AnyResource & { id: string };
    await story.servers.ville.update(touched);
    await transfer('somatique-sud/offer/consultation');
    expect(await there(2)).toMatchObject({ status: 'requested' });
    const [after] = await story.find(story.servers.ville, 'DocumentReference', { identifier });
    expect(after).toMatchObject({ description: 'Lue le 8' });
  });

  it('is told in the ledger, with who decided, and its clocks begin anew', async () => {
    await move({ status: 'accepted' });
    await transfer('somatique-nord/offer/consultation');
    const events = await story.context.store.referrals.events(tenant, referral.id);
    expect(events.find(({ kind }) => kind === 'transferred')).toMatchObject({
      actor: 'Mme ESSAI',
      detail: { to: 'Consultation somatique nord', reason: 'Trop loin' },
    });
  });

  it('may be handed over by its fulfiller, who changes the owner of the Task and nothing else', async () => {
    await move({ status: 'accepted' });
    const put = async (change: object, caller = story.coreso) =>
      transferTask({ ...story.context, pathway: pathway() }, caller, { ...(await task()), ...change });
    await expect(put({ status: 'cancelled' })).rejects.toMatchObject({ category: 'forbidden' });
    await expect(put({ owner: { display: 'Quelqu’un' } })).rejects.toThrow('identifiant');
    await expect(put({ owner: offer('inconnu') })).rejects.toMatchObject({ category: 'unprocessable' });
    await expect(put({ owner: offer('somatique-nord') }, story.psychiatrist)).rejects.toMatchObject({
      category: 'not-found',
    });
    const handed = await put({ owner: offer('somatique-nord'), statusReason: { text: 'Hors secteur' } });
    expect(handed).toMatchObject({ status: 'requested', owner: offer('somatique-nord') });
    await story.deliver();
    expect(await there(1)).toMatchObject({ status: 'cancelled', statusReason: { text: 'Hors secteur' } });
    expect(await there(2)).toMatchObject({ status: 'requested' });
  });

  it('is not when the patient’s consents do not cover the other', async () => {
    const { resources } = await story.context.store.clinical.search(tenant, {
      type: 'Consent',
      patient: referral.patientId,
    });
    await story.context.store.transaction((tx) =>
      tx.clinical.put(tenant, { ...resources[0]!, status: 'inactive' }, new Date()),
    );
    await expect(transfer('somatique-sud/offer/consultation')).rejects.toThrow(/consentement|accord/i);
    expect(await there(2)).toBeUndefined();
    const again = { ...resources[0]!, status: 'active', dateTime: '2026-09-20T09:00:00+02:00' };
    await updateConsent(story.context, story.psychiatrist, again);
    await transfer('somatique-sud/offer/consultation');
    expect(await there(2)).toMatchObject({ status: 'requested' });
    const content = (await contentNow(story.context.store, await now()))!;
    const consent = content.find(({ type }) => type === 'Consent')!.body;
    expect(consent['dateTime']).toBe('2026-09-20T09:00:00+02:00');
    expect(JSON.stringify(consent)).not.toMatch(/"reference":"(Patient|Organization|PractitionerRole)\//);
  });
});

/** The fulfiller refuses and names a proposal on its own server. */
async function propose(change: object): Promise<AnyResource & { id: string }> {
  const [receipt] = await story.servers.ville.transaction([
    {
      method: 'POST',
      url: 'ServiceRequest',
      fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${count % 10}`,
      resource: {
        ...{ resourceType: 'ServiceRequest', status: 'active', intent: 'proposal' },
        subject: (await there())!['for'],
        ...change,
      },
    },
  ]);
  const valueReference = { reference: `ServiceRequest/${receipt!.localId}`, type: 'ServiceRequest' };
  await move({
    status: 'rejected',
    statusReason: { text: 'Pas de place avant mars' },
    output: [{ type: { text: 'Proposition' }, valueReference }],
  });
  const [output] = (await task())['output'] as { valueReference: { reference: string } }[];
  const id = output!.valueReference.reference.replace('ServiceRequest/', '');
  return (await story.context.store.clinical.get(tenant, 'ServiceRequest', id))!;
}

const answer = (proposal: AnyResource & { id: string }, status: string, caller = story.psychiatrist) =>
  answerProposal(story.context, caller, { ...proposal, status });

async function replacement(): Promise<Referral | undefined> {
  const list = await story.context.store.referrals.list(tenant);
  return list.find(({ orderKey }) => orderKey === `${system}|${referral.id}/replacement/order`);
}

describe('a proposal of the fulfiller (REF-04)', () => {
  it('is read by the placer beside the refusal, without what only the fulfiller’s server can show', async () => {
    const proposal = await propose({
      occurrenceDateTime: '2027-03-01',
      performer: [{ ...((await there())!['for'] as object), display: 'Dr ESSAI' }, offer('somatique-nord')],
    });
    expect(await task()).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'Pas de place avant mars' },
    });
    expect(proposal).toMatchObject({
      ...{ status: 'draft', intent: 'proposal', occurrenceDateTime: '2027-03-01' },
      subject: { reference: `Patient/${referral.patientId}` },
    });
    expect(proposal['performer']).toEqual([{ display: 'Dr ESSAI' }, offer('somatique-nord')]);
    expect(story.context.validate(proposal, [])).toEqual([]);
  });

  it('accepted is a new order that replaces the refused one, at the time that was proposed', async () => {
    const proposal = await propose({ occurrenceDateTime: '2027-03-01' });
    expect(await answer(proposal, 'active')).toMatchObject({ status: 'active' });
    const next = (await replacement())!;
    const order = await story.context.store.clinical.get(tenant, 'ServiceRequest', next.orderId);
    expect(order).toMatchObject({
      ...{ intent: 'order', status: 'active', occurrenceDateTime: '2027-03-01' },
      replaces: [{ identifier: { value: expect.stringContaining(`-turn-${count}`) as unknown } }],
    });
    await story.deliver();
    expect(await there(1, next)).toMatchObject({ status: 'requested' });
    expect(await now()).toMatchObject({ state: 'rejected', closedAt: expect.any(Date) as unknown });
    await answer(proposal, 'active');
    expect(await now(next.id)).toMatchObject({ closedAt: null });
  });

  it('accepted goes to the performer that was proposed, with its letter and its consent', async () => {
    const proposal = await propose({ performer: [offer('somatique-nord')] });
    await answer(proposal, 'active');
    const next = (await replacement())!;
    expect(next).toMatchObject({ networkId: 'somatique-nord', state: 'requested' });
    await story.deliver();
    expect(await there(1, next)).toMatchObject({ status: 'requested', owner: offer('somatique-nord') });
    const letters = await story.find(story.servers.ville, 'DocumentReference', {
      identifier: `${system}|${next.id}/letter/1`,
    });
    expect(letters).toHaveLength(1);
  });

  it('refused closes the referral', async () => {
    const proposal = await propose({ occurrenceDateTime: '2027-03-01' });
    expect(await answer(proposal, 'revoked')).toMatchObject({ status: 'revoked' });
    expect(await now()).toMatchObject({ state: 'rejected', closedAt: expect.any(Date) as unknown });
    expect(await replacement()).toBeUndefined();
    await expect(answer(proposal, 'active')).rejects.toMatchObject({ category: 'not-found' });
  });

  it('is accepted or refused, not both, when both answers come at once', async () => {
    const { store } = story.context;
    const refusedFirst = await propose({ occurrenceDateTime: '2027-03-01' });
    const refusing: typeof store.intake.find = async (...asked) => {
      await answer(refusedFirst, 'revoked');
      return store.intake.find(...asked);
    };
    const during = { ...story.context, store: { ...store, intake: { ...store.intake, find: refusing } } };
    const acceptance = answerProposal(during, story.psychiatrist, { ...refusedFirst, status: 'active' });
    await expect(acceptance).rejects.toMatchObject({ category: 'not-found' });
    expect(await replacement()).toBeUndefined();
    expect(await store.clinical.get(tenant, 'ServiceRequest', refusedFirst.id)).toMatchObject({
      status: 'revoked',
    });
  });

  it('that was accepted while its refusal came stays accepted', async () => {
    const { store } = story.context;
    const proposal = await propose({ occurrenceDateTime: '2027-03-01' });
    const transaction: typeof store.transaction = async (work) => {
      await answer(proposal, 'active');
      return store.transaction(work);
    };
    const during = { ...story.context, store: { ...store, transaction } };
    const refusal = answerProposal(during, story.psychiatrist, { ...proposal, status: 'revoked' });
    await expect(refusal).rejects.toMatchObject({ category: 'not-found' });
    expect(await store.clinical.get(tenant, 'ServiceRequest', proposal.id)).toMatchObject({
      status: 'active',
    });
    expect(await replacement()).toMatchObject({ closedAt: null });
    const events = await store.referrals.events(tenant, referral.id);
    expect(events.map(({ kind }) => kind)).not.toContain('proposal-refused');
  });

  it('is answered by its placer only', async () => {
    const proposal = await propose({ occurrenceDateTime: '2027-03-01' });
    await expect(answer(proposal, 'active', story.coreso)).rejects.toMatchObject({ category: 'forbidden' });
    const stranger = { ...story.psychiatrist, client: 'autre', server: 'autre' };
    await expect(answer(proposal, 'active', stranger)).rejects.toMatchObject({ category: 'not-found' });
    await expect(answer(proposal, 'completed')).rejects.toThrow('acceptée');
  });
});
