/** A consent that changes after something left: hospitals with a copy get it, a person is told what was given. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { receiveDocument } from '../../src/document/receive.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { updateTask } from '../../src/referral/placer.ts';
import { updateConsent } from '../../src/referral/update-consent.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { readyForDocument } from '../document/ready.ts';
import { example, generalist, startStory, type Story, synthesis, tenant } from './story.ts';

let story: Story;
let referral: Referral;

beforeEach(async () => {
  story = await startStory();
});
afterEach(() => story.close());

async function placed(): Promise<void> {
  await acceptReferral(story.context, story.psychiatrist, example());
  [referral] = (await story.context.store.referrals.list(tenant)) as [Referral];
}

async function own(type: string, identifier?: string): Promise<(AnyResource & { id: string }) | undefined> {
  const { resources } = await story.context.store.clinical.search(tenant, {
    ...{ type, patient: referral.patientId, ...(identifier ? { identifier } : {}) },
  });
  return resources[0];
}

async function change(by: object): Promise<void> {
  await updateConsent(story.context, story.psychiatrist, { ...(await own('Consent'))!, ...by });
}

const provision = async (): Promise<{ period: object; [name: string]: unknown }> =>
  (await own('Consent'))!['provision'] as { period: object };

const copies = () => story.find(story.servers.ville, 'Consent');
const workItem = () => own('Task', `https://passerelle.example/fhir/referral|${referral.id}/consent-review`);
const parked = async () =>
  (await story.context.store.outbox.open(tenant, { referralId: referral.id })).filter(
    ({ state }) => state === 'parked',
  );
const kinds = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);

describe('a consent that was withdrawn after the referral left', () => {
  it('reaches the hospital that has a copy, stands in the ledger, and a person is told what it was given', async () => {
    await placed();
    await story.deliver();
    expect(await copies()).toMatchObject([{ status: 'active' }]);
    await change({ status: 'inactive' });
    await story.deliver();
    expect(await copies()).toMatchObject([{ status: 'inactive' }]);
    expect((await kinds()).slice(-4)).toEqual([
      ...['consent-changed', 'queued', 'consent-narrowed', 'consent-renewed'],
    ]);
    const task = (await workItem())!;
    expect(task).toMatchObject({ status: 'requested', owner: { display: 'Coordination' } });
    expect(task['description']).toMatch(
      /ne couvre plus ces destinataires.*Déjà transmis : Coreso, consultation et réseau somatique, le \d\d\/\d\d\/\d{4} : la demande, Lettre d'adressage\. Prévenez-les/,
    );
    expect(story.context.validate(task, []).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(JSON.stringify(task)).not.toMatch(/ESSAI-PATIENT|1\.2\.250\.1\.213/);
  });

  it('given anew, reaches the copy as well, and the work item is done', async () => {
    await placed();
    await story.deliver();
    await change({ status: 'inactive' });
    await change({ status: 'active' });
    await story.deliver();
    expect(await copies()).toMatchObject([{ status: 'active' }]);
    expect(await workItem()).toMatchObject({ status: 'completed' });
  });

  it('keeps back more of the file; the referral can still be taken back there', async () => {
    await placed();
    await story.deliver();
    await change({ status: 'inactive' });
    const task = (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!;
    const input = [{ type: { text: 'Complément' }, valueString: 'Biologie du jour' }];
    await updateTask(story.context, story.psychiatrist, { ...task, input });
    await story.deliver();
    const there = () => story.find(story.servers.ville, 'Task', { code: 'fulfill' });
    expect(JSON.stringify(await there())).not.toContain('Biologie');
    expect(await parked()).toMatchObject([{ kind: 'ask-fulfiller', reason: { category: 'forbidden' } }]);
    const now = (await story.context.store.clinical.get(tenant, 'Task', referral.taskId))!;
    await updateTask(story.context, story.psychiatrist, { ...now, status: 'cancelled' });
    await story.deliver();
    expect(await there()).toMatchObject([{ status: 'cancelled' }]);
    expect(await parked()).toEqual([]);
  });
});

describe('a consent that changed while the referral was under way', () => {
  it('is brought after it, so that the hospital does not keep the old one', async () => {
    await placed();
    const period = { start: '2026-09-07', end: '2030-12-31' };
    await change({ provision: { ...(await provision()), period } });
    expect(await kinds()).not.toContain('consent-renewed');
    await story.deliver();
    expect(await copies()).toMatchObject([{ provision: { period } }]);
    expect((await kinds()).filter((kind) => kind === 'consent-renewed')).toHaveLength(1);
    expect(await workItem()).toBeUndefined();
  });
});

describe('a copy that the hospital changed', () => {
  it('is not overwritten: the new consent waits for a person, and holds nothing else back', async () => {
    await placed();
    await story.deliver();
    const [copy] = await copies();
    await story.servers.ville.update({ ...copy, dateTime: '2026-09-08' } as AnyResource & { id: string });
    await change({ status: 'inactive' });
    for (let tries = 0; tries < 12 && (await parked()).length === 0; tries += 1) {
      await story.deliver();
      story.clock.advance(3_600_000);
    }
    expect(await copies()).toMatchObject([{ status: 'active', dateTime: '2026-09-08' }]);
    expect(await parked()).toMatchObject([{ kind: 'renew-consent', reason: { category: 'conflict' } }]);
  });
});

describe('a consent that was restricted after a document left', () => {
  it('tells of those alone whom it does not cover any more, and what each was given', async () => {
    referral = await readyForDocument(story);
    await receiveDocument(story.documents, story.coreso, synthesis(story.documents));
    await story.deliver();
    const { actor, ...rest } = (await provision()) as unknown as { actor: { reference: object }[] };
    const others = actor.filter(({ reference }) => !JSON.stringify(reference).includes(generalist.value));
    await change({ provision: { ...rest, actor: others } });
    const { description } = (await workItem()) as unknown as { description: string };
    expect(description).toMatch(
      /Déjà transmis : Dr ESSAI-VILLE, le \d\d\/\d\d\/\d{4} : Synthèse[^;]*\. Prévenez-les/,
    );
  });
});
