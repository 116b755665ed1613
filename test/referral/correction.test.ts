/** A synthesis is corrected or completed after the referral has ended: everybody gets it, and the placer takes note again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveDocument } from '../../src/document/receive.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { assignPerformer } from '../../src/referral/assign.ts';
import { closeReferral } from '../../src/referral/close.ts';
import { recordConsultation } from '../../src/referral/consult.ts';
import { updateAcknowledgement } from '../../src/referral/correction.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import { watchClocks } from '../../src/referral/watch.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { example, generalist, startStory, type Story, synthesis, tenant } from './story.ts';

let story: Story;
let referral: Referral;

const system = 'https://passerelle.example/fhir/referral';
const documents = 'https://coreso.example/documents';
const day = 24 * 60 * 60_000;

const now = async (): Promise<Referral> => (await story.context.store.referrals.get(tenant, referral.id))!;
const found = async (type: string, part: string): Promise<(AnyResource & { id: string })[]> => {
  const identifier = `${system}|${referral.id}/${part}`;
  return (await story.context.store.clinical.search(tenant, { type, identifier })).resources;
};
const main = async () => (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!;
const work = async () => (await found('Task', 'acknowledge'))[0];
const kinds = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);
const send = (value: string, change: object = {}) =>
  receiveDocument(
    story.documents,
    story.coreso,
    synthesis(story.documents, { identifiant: { system: documents, value }, ...change }),
  );
const replacing = (value: string) => ({ remplace: { system: documents, value } });
const watch = () => watchClocks({ ...story.context, log: createLog('silent') }, tenant);
const seen = async (change: object, caller = story.psychiatrist, version?: number) =>
  updateAcknowledgement(story.context, caller, { ...(await work())!, ...change }, version);

async function moveThere(change: object): Promise<void> {
  const identifier = `${system}|${referral.id}/task`;
  const [task] = await story.find(story.servers.ville, 'Task', { identifier });
  await story.servers.ville.update({ ...task!, ...change } as AnyResource & { id: string });
  await story.follow();
  await story.deliver();
}

async function consult(number: number): Promise<void> {
  const [order] = await found('ServiceRequest', `activity/consultation-${number}`);
  const person = (value: string) => ({
    individual: { type: 'Practitioner', identifier: { system: generalist.system, value } },
  });
  await recordConsultation(story.context, story.coreso, {
    resourceType: 'Encounter',
    identifier: [{ system: 'https://coreso.example/consultations', value: `C-${number}` }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { identifier: { system: 'https://ch-le-vinatier.example/ipp', value: '800012345' } },
    basedOn: [{ reference: `ServiceRequest/${order!.id}` }],
    participant: [person('10999900029'), person('10999900045')],
    period: { start: `2026-10-0${number}T09:00:00+02:00`, end: `2026-10-0${number}T09:45:00+02:00` },
  });
}

/** A referral that has ended with its synthesis, not closed yet. */
beforeAll(async () => {
  story = await startStory();
  await acceptReferral(story.context, story.psychiatrist, example());
  [referral] = (await story.context.store.referrals.list(tenant)) as [Referral];
  await story.deliver();
  await moveThere({ status: 'in-progress' });
  for (const number of [1, 2, 3]) await consult(number);
  const [reorientation] = await found('ServiceRequest', 'activity/reorientation');
  const performer = [{ type: 'Practitioner', identifier: generalist, display: 'Dr ESSAI-VILLE' }];
  await assignPerformer(story.context, story.coreso, { ...reorientation!, performer });
  await send('SYNTHESE-1');
  await story.deliver();
  const valueReference = { identifier: { system: documents, value: 'SYNTHESE-1' } };
  await moveThere({ status: 'completed', output: [{ type: { text: 'Synthèse' }, valueReference }] });
  expect(await now()).toMatchObject({ state: 'completed', closedAt: null });
});
afterAll(() => story.close());

describe('a synthesis that is corrected after the end', () => {
  it('only by naming the document that it replaces or completes, and only as final', async () => {
    await expect(send('AUTRE')).rejects.toThrow('relatesTo');
    const early = send('TOT', { statut: 'preliminaire', ...replacing('SYNTHESE-1') });
    await expect(early).rejects.toThrow('pas en cours');
    expect(await kinds()).not.toContain('document-corrected');
  });

  it('reaches every receiver, supersedes the earlier one, and leaves the referral as it ended', async () => {
    expect((await send('SYNTHESE-2', replacing('SYNTHESE-1'))).status).toBe(201);
    expect(await story.context.store.documents.undelivered(tenant, referral.id, 'deliver-document')).toBe(2);
    await story.deliver();
    for (const server of Object.values(story.servers)) {
      const all = await story.find(server, 'DocumentReference');
      expect(all.filter(({ status }) => status === 'superseded')).toHaveLength(2); // with its print
    }
    expect(await now()).toMatchObject({ state: 'completed', closedAt: null });
  });

  it('is told to the placer: on the Task, in the ledger, and by a work item with a due time', async () => {
    expect(await main()).toMatchObject({
      status: 'completed',
      businessStatus: { text: expect.stringContaining('a été remplacé') as unknown },
    });
    const item = (await work())!;
    expect(item).toMatchObject({
      status: 'requested',
      partOf: [{ reference: `Task/${referral.taskId}` }],
      code: { coding: [{ code: 'acknowledge' }] },
    });
    const { period } = item['restriction'] as { period: { start: string; end: string } };
    expect(Date.parse(period.end) - Date.parse(period.start)).toBeGreaterThan(4 * day);
    const [input] = item['input'] as { valueReference: { reference: string } }[];
    const id = input!.valueReference.reference.replace('DocumentReference/', '');
    const newer = await story.context.store.clinical.get(tenant, 'DocumentReference', id);
    expect(newer).toMatchObject({ status: 'current', relatesTo: [{ code: 'replaces' }] });
    expect(story.context.validate(item, []).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is seen by whoever closes the referral afterwards', async () => {
    const placed = (await story.context.store.clinical.get(tenant, 'ServiceRequest', referral.orderId))!;
    await updateOrder(story.context, story.psychiatrist, { ...placed, status: 'completed' });
    expect(await work()).toMatchObject({ status: 'completed' });
    expect(await main()).not.toHaveProperty('businessStatus');
    expect((await kinds()).slice(-2)).toEqual(['referral-closed', 'correction-acknowledged']);
  });

  it('after that reopens the loop and not the referral: due, overdue, until the placer has seen it', async () => {
    const { closedAt } = await now();
    story.clock.advance(day);
    await send('SYNTHESE-3', replacing('SYNTHESE-2'));
    await story.deliver();
    expect(await now()).toMatchObject({ state: 'completed', closedAt });
    expect(await work()).toMatchObject({ status: 'requested' });
    expect((await watch()).overdue).toEqual([]);
    story.clock.advance(14 * day);
    expect((await watch()).overdue).toMatchObject([{ referral: referral.id, clock: 'correction' }]);
    expect((await watch()).overdue).toEqual([]);

    await expect(seen({ status: 'rejected' })).rejects.toMatchObject({ category: 'unprocessable' });
    const stranger = { ...story.psychiatrist, client: 'autre', server: 'autre' };
    await expect(seen({ status: 'completed' }, stranger)).rejects.toMatchObject({ category: 'not-found' });
    await expect(seen({ status: 'completed' }, story.psychiatrist, 99)).rejects.toMatchObject({
      category: 'conflict',
    });
    expect(await seen({ status: 'completed' })).toMatchObject({ status: 'completed' });
    expect(await seen({ status: 'completed' })).toMatchObject({ status: 'completed' });
    expect((await kinds()).filter((kind) => kind === 'correction-acknowledged')).toHaveLength(2);
    await watch();
    const [late] = await found('Task', 'overdue/correction');
    expect(late).toMatchObject({ status: 'completed' });
  });

  it('by an addendum asks likewise, and a coordinator may take note in the placer’s stead', async () => {
    await send('COMPLEMENT', { complete: { system: documents, value: 'SYNTHESE-3' } });
    expect(await work()).toMatchObject({
      status: 'requested',
      description: expect.stringContaining('complété') as unknown,
    });
    const { store } = story.context;
    await store.transaction(async (tx) => {
      const locked = (await tx.referrals.lock(tenant, referral.id))!;
      expect(await closeReferral(tx, locked, 'Mme ESSAI', new Date(story.clock.now()))).toBeUndefined();
    });
    expect(await work()).toMatchObject({ status: 'completed' });
    const last = (await store.referrals.events(tenant, referral.id)).at(-1);
    expect(last).toMatchObject({ kind: 'correction-acknowledged', actor: 'Mme ESSAI' });
  });

  it('is not sent once the consents no longer allow it', async () => {
    const { resources } = await story.context.store.clinical.search(tenant, { type: 'Consent' });
    await story.context.store.transaction((tx) =>
      tx.clinical.put(tenant, { ...resources[0]!, status: 'inactive' }, new Date()),
    );
    await expect(send('SYNTHESE-4', replacing('SYNTHESE-3'))).rejects.toMatchObject({
      issues: [{ code: 'forbidden' }],
    });
    expect(await work()).toMatchObject({ status: 'completed' });
  });
});
