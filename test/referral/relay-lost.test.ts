/** A relay whose answer was lost has arrived all the same, and its placer takes the referral back. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { withdraw } from '../../src/referral/withdraw.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { freshExample } from './fresh-example.ts';
import { startStory, type Story, tenant } from './story.ts';

let story: Story;
let referral: Referral;
let count = 0;

beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());

/** It is there, and its sender does not know. */
beforeEach(async () => {
  count += 1;
  await acceptReferral(story.context, story.psychiatrist, freshExample(`lost-${count}`));
  const list = await story.context.store.referrals.list(tenant);
  referral = list.find(({ orderKey }) => orderKey.endsWith(`-lost-${count}`))!;
  story.hospitals.ville.setFaults(({ body }) =>
    body.includes('"transaction"') ? { kind: 'reset', when: 'after' } : undefined,
  );
  await story.deliver();
});

async function there(part: string): Promise<(AnyResource & { id: string }) | undefined> {
  const identifier = `https://passerelle.example/fhir/referral|${referral.id}/${part}`;
  const [task] = await story.find(story.servers.ville, 'Task', { identifier });
  return task as (AnyResource & { id: string }) | undefined;
}

const move = async (change: object, part = 'task'): Promise<unknown> =>
  story.servers.ville.update({ ...(await there(part))!, ...change });

/** Taken back before the relay is tried again: only what asks to stop still goes there. */
async function takeBack(): Promise<void> {
  await story.context.store.transaction(async (tx) => {
    const locked = (await tx.referrals.lock(tenant, referral.id))!;
    await withdraw(tx, story.context, locked, { role: 'placer', actor: 'psychiatrie' });
  });
  story.hospitals.ville.setFaults(undefined);
  await story.deliver();
}

const kinds = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);
const now = async (): Promise<Referral> => (await story.context.store.referrals.get(tenant, referral.id))!;

describe('a referral taken back whose relay arrived without an answer', () => {
  it('asks the fulfiller, who has started, to stop, and follows what it answers', async () => {
    await move({ status: 'in-progress' });
    await takeBack();
    const task = (await there('task'))!;
    expect(await there('abort')).toMatchObject({ focus: { reference: `Task/${task.id}` } });
    expect(await kinds()).toContain('relay-found');
    expect(await now()).toMatchObject({ closedAt: null });
    await move({ status: 'cancelled' });
    await move({ status: 'completed' }, 'abort');
    await story.follow();
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('is not over when the fulfiller has done it by then, and the ledger tells that it had come', async () => {
    const output = [{ type: { text: 'Compte rendu' }, valueString: 'Fait' }];
    await move({ status: 'completed', output });
    await takeBack();
    expect(await kinds()).toContain('relay-found');
    expect(await now()).toMatchObject({ closedAt: null });
    expect((await story.follow()).moved).toContainEqual({ referral: referral.id, to: 'completed' });
  });
});
