/** A final document that waits in the outbox: for whom it was queued does not change with the pathway. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { receiveDocument } from '../../src/document/receive.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { transferTask } from '../../src/referral/transfer-task.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { startStory, type Story, synthesis, tenant } from '../referral/story.ts';
import { readyForDocument } from './ready.ts';

const network = 'https://passerelle.example/fhir/network';
let story: Story;
let referral: Referral;

/** The synthesis is queued for the psychiatric hospital and the town, and the referral then handed over. */
beforeEach(async () => {
  story = await startStory();
  referral = await readyForDocument(story);
  await receiveDocument(story.documents, story.coreso, synthesis(story.documents));
  const task = (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!;
  const owner = { identifier: { system: network, value: 'coreso-le-vinatier' } };
  const pathway = createPathway({ ...story.context });
  await transferTask({ ...story.context, pathway }, story.coreso, { ...task, owner });
});
afterEach(() => story.close());

const consent = async (change: object): Promise<void> => {
  const criteria = { type: 'Consent', patient: referral.patientId };
  const { resources } = await story.context.store.clinical.search(tenant, criteria);
  await updateConsent(story.context, story.psychiatrist, { ...resources[0]!, ...change });
};

const syntheses = async (server: 'vinatier' | 'ville'): Promise<AnyResource[]> =>
  story.find(story.servers[server], 'DocumentReference', { type: 'http://loinc.org|34133-9' });

const waiting = async () =>
  (await story.context.store.outbox.open(tenant, { referralId: referral.id })).filter(
    ({ kind }) => kind === 'deliver-document',
  );

describe('a final document that waits while the referral is handed over', () => {
  it('still reaches everybody it is for', async () => {
    await story.deliver();
    expect(await waiting()).toEqual([]);
    for (const server of ['vinatier', 'ville'] as const) expect(await syntheses(server)).not.toEqual([]);
    await consent({ status: 'inactive' });
    const identifier = `https://passerelle.example/fhir/referral|${referral.id}/consent-review`;
    const criteria = { type: 'Task', patient: referral.patientId, identifier };
    const { resources } = await story.context.store.clinical.search(tenant, criteria);
    expect(resources[0]!['description']).toMatch(/Dr ESSAI-VILLE, le [\d/]+ : Synthèse/);
  });

  it('goes to nobody once the patient withdraws the consent, and says what to obtain', async () => {
    await consent({ status: 'inactive' });
    await story.deliver();
    const forbidden = { state: 'parked', reason: { category: 'forbidden', side: 'sender' } };
    expect(await waiting()).toMatchObject([forbidden, forbidden]);
    for (const server of ['vinatier', 'ville'] as const) expect(await syntheses(server)).toEqual([]);
  });

  it('queued without its recipients by an earlier version, is asked for the requester and the server', async () => {
    const client = new pg.Client({ connectionString: story.database.url });
    await client.connect();
    await client.query(
      `update outbox set payload = payload #- '{detail,recipients}' where kind = 'deliver-document'`,
    );
    await client.end();
    await consent({ status: 'inactive' });
    await story.deliver();
    expect((await waiting()).map(({ reason }) => (reason as { category: string }).category)).toEqual([
      ...['forbidden', 'forbidden'],
    ]);
  });
});
