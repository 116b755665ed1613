/** What the placer may do to what it placed: cancel before the start, ask to stop afterwards, hold, complete, close. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf } from '../../src/fhir/outcome.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { createAbort, updateOrder, updateTask } from '../../src/referral/placer.ts';
import type { Referral } from '../../src/store/referrals.ts';
import type { Store } from '../../src/store/store.ts';
import { example, startStory, type Story, tenant } from './story.ts';

let story: Story;
let referral: Referral;
let count = 0;

beforeAll(async () => {
  story = await startStory();
});
afterAll(async () => {
  await story.close();
});

/** A referral of its own for each test. */
beforeEach(async () => {
  story.hospitals.ville.setFaults(undefined);
  count += 1;
  const bundle = example();
  for (const { resource } of bundle['entry'] as { resource: AnyResource }[]) {
    const [identifier] = (resource['identifier'] ?? []) as { value?: string }[];
    if (['ServiceRequest', 'Task'].includes(resource.resourceType)) identifier!.value += `-${count}`;
  }
  await acceptReferral(story.context, story.psychiatrist, bundle);
  const open = await story.context.store.referrals.list(tenant);
  referral = open.find(({ orderKey }) => orderKey.endsWith(`-${count}`))!;
});

const stored = async (type: string, id: string): Promise<AnyResource & { id: string }> =>
  (await story.context.store.clinical.get(tenant, type, id))!;
const order = () => stored('ServiceRequest', referral.orderId);
const task = () => stored('Task', referral.taskId);
const now = async (): Promise<Referral> => (await story.context.store.referrals.get(tenant, referral.id))!;
const kinds = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id)).map(({ kind }) => kind);
const key = (part: string) => `https://passerelle.example/fhir/referral|${referral.id}/${part}`;

const there = async (part: string): Promise<AnyResource | undefined> =>
  (await story.find(story.servers.ville, 'Task', { identifier: key(part) }))[0];

async function moveThere(change: object, part = 'task'): Promise<void> {
  await story.servers.ville.update({ ...(await there(part))!, ...change } as AnyResource & { id: string });
}

async function inProgress(): Promise<void> {
  await story.deliver();
  await moveThere({ status: 'in-progress' });
  await story.follow();
  await story.deliver();
}

const ins = { system: 'urn:oid:1.2.250.1.213.1.4.10' };
const revoke = async () =>
  updateOrder(story.context, story.psychiatrist, { ...(await order()), status: 'revoked' });
const put = async (change: object) =>
  updateTask(story.context, story.psychiatrist, { ...(await task()), ...change });
const abort = (change: object = {}) =>
  createAbort(story.context, story.psychiatrist, {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'abort' }] },
    focus: { reference: `Task/${referral.taskId}` },
    reasonCode: { text: 'Patient hospitalisé' },
    ...change,
  });

describe('taking a referral back (REF-03)', () => {
  it('that was never sent ends it at once, and nothing is sent', async () => {
    expect(await revoke()).toMatchObject({ status: 'revoked' });
    await story.deliver();
    expect(await there('task')).toBeUndefined();
    expect(await task()).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('that is claimed for sending in this very moment is cancelled there too', async () => {
    const { store } = story.context;
    let sent: Promise<unknown> = Promise.resolve();
    const claimed = async (): Promise<void> => {
      sent = story.delivery.runOnce(); // waits for the referral's lock once it has the item
      while (
        (await store.outbox.open(tenant, { referralId: referral.id })).some((one) => one.state === 'queued')
      )
        await sleep(10);
    };
    const racing: Store = {
      ...store,
      transaction: (work) =>
        store.transaction((tx) => {
          let first: Promise<void> | undefined;
          const open: typeof tx.outbox.open = async (...ask) => {
            const found = await tx.outbox.open(...ask);
            await (first ??= claimed());
            return found;
          };
          return work({ ...tx, outbox: { ...tx.outbox, open } });
        }),
    };
    const context = { ...story.context, store: racing };
    await updateOrder(context, story.psychiatrist, { ...(await order()), status: 'revoked' });
    await sent;
    await story.deliver();
    expect(await there('task')).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('cancels the Task at the fulfiller’s before the start, and only then says so', async () => {
    await story.deliver();
    await put({ status: 'cancelled', statusReason: { text: 'Rendez-vous trouvé ailleurs' } });
    expect(await task()).toMatchObject({
      status: 'requested',
      businessStatus: { text: 'Annulation demandée' },
    });
    await story.deliver();
    expect(await there('task')).toMatchObject({
      status: 'cancelled',
      statusReason: { text: 'Rendez-vous trouvé ailleurs' },
    });
    expect(await task()).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
    expect(await kinds()).toEqual(expect.arrayContaining(['withdrawal-asked', 'asked', 'referral-closed']));
  });

  it('asks to stop when the fulfiller had started in the meantime', async () => {
    await story.deliver();
    await moveThere({ status: 'in-progress' });
    await revoke();
    await story.deliver();
    expect(await there('task')).toMatchObject({ status: 'in-progress' });
    expect(await there('abort')).toMatchObject({ status: 'requested' });
    await story.follow();
    expect(await task()).toMatchObject({
      status: 'in-progress',
      businessStatus: { text: 'Annulation demandée' },
    });
  });

  it('after the start asks by a Task of its own, once, and ends when the fulfiller stops', async () => {
    await inProgress();
    expect(await abort()).toMatchObject({ status: 201, resource: { status: 'requested' } });
    expect(await abort()).toMatchObject({ status: 200 });
    await story.deliver();
    const asked = await there('abort');
    expect(asked).toMatchObject({ status: 'requested', reasonCode: { text: 'Patient hospitalisé' } });
    expect(asked!['focus']).toEqual({ reference: `Task/${(await there('task'))!.id}` });
    await moveThere({ status: 'accepted' }, 'abort');
    await moveThere({ status: 'cancelled' });
    await story.follow();
    expect(await task()).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled', closedAt: expect.any(Date) as unknown });
  });

  it('goes on when the fulfiller refuses to stop, and the placer reads why', async () => {
    await inProgress();
    const { resource } = await abort();
    await story.deliver();
    await moveThere({ status: 'rejected', statusReason: { text: 'Intervention en cours' } }, 'abort');
    await story.follow();
    expect(await stored('Task', resource.id)).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'Intervention en cours' },
    });
    expect(await now()).toMatchObject({ state: 'in-progress', closedAt: null });
  });

  it('reaches a server that lost its answers, once', async () => {
    await story.deliver();
    story.hospitals.ville.setFaults(({ method }) =>
      method === 'POST' ? { kind: 'reset', when: 'after' } : undefined,
    );
    await revoke();
    await story.deliver();
    story.hospitals.ville.setFaults(undefined);
    story.clock.advance(3_600_000);
    await story.deliver();
    expect(await there('task')).toMatchObject({ status: 'cancelled' });
    expect(await now()).toMatchObject({ state: 'cancelled' });
  });
});

describe('the rest of what a placer may do', () => {
  it('holds and resumes what has started', async () => {
    await inProgress();
    await put({ status: 'on-hold' });
    await story.deliver();
    await story.follow();
    expect(await task()).toMatchObject({ status: 'on-hold' });
    await put({ status: 'in-progress' });
    await story.deliver();
    await story.follow();
    expect(await task()).toMatchObject({ status: 'in-progress' });
  });

  it('gives what the fulfiller missed (REF-02)', async () => {
    await story.deliver();
    await moveThere({ status: 'received', statusReason: { text: 'Compte rendu biologique attendu' } });
    await story.follow();
    const input = [{ type: { text: 'Complément' }, valueString: 'Joint au dossier papier' }];
    await put({ input });
    await story.deliver();
    expect(await there('task')).toMatchObject({ status: 'received', input });
  });

  it('closes what was refused, once it has read it', async () => {
    await story.deliver();
    await moveThere({ status: 'rejected' });
    const { problems } = await story.follow();
    expect(problems[0]?.message).toContain('motif');
    expect(await now()).toMatchObject({ state: 'rejected', closedAt: null });
    await updateOrder(story.context, story.psychiatrist, { ...(await order()), status: 'completed' });
    expect((await now()).closedAt).toBeInstanceOf(Date);
  });
});

describe('what is refused comes as an OperationOutcome with its side and the next step', () => {
  const outcomeOf = async (act: () => Promise<unknown>) => {
    const error: unknown = await act().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const { status, outcome } = answerOf(error);
    expect(story.context.validate(outcome as unknown as AnyResource, [])).toEqual([]);
    const [issue] = outcome.issue;
    return `${status} ${issue?.expression?.[0] ?? ''} ${issue?.details?.text} ${issue?.diagnostics ?? ''}`;
  };

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'cancelling what has started',
      () => put({ status: 'cancelled' }),
      /^422 Task.status .*commencé.*la demande reçue.*abort/,
    ],
    [
      'completing in the fulfiller’s place',
      () => put({ status: 'completed', output: [{ type: { text: 'Synthèse' }, valueString: 'x' }] }),
      /^422 Task.status .*destinataire/,
    ],
    ['a status that Tasks of referrals never have', () => put({ status: 'draft' }), /^422 Task.status/],
    [
      'resuming what was not held',
      async () => {
        await put({ status: 'on-hold' });
        return put({ status: 'accepted' });
      },
      /^422 Task.status/,
    ],
    [
      'closing what is under way',
      async () => updateOrder(story.context, story.psychiatrist, { ...(await order()), status: 'completed' }),
      /^422 ServiceRequest.status .*ouverte.*À faire/,
    ],
    [
      'changing the order itself',
      async () => updateOrder(story.context, story.psychiatrist, { ...(await order()), priority: 'stat' }),
      /^422 ServiceRequest .*replaces/,
    ],
    [
      'an order entered in error',
      async () =>
        updateOrder(story.context, story.psychiatrist, { ...(await order()), status: 'entered-in-error' }),
      /^422 ServiceRequest.status/,
    ],
    ['a Task of another kind', () => abort({ code: { text: 'autre' } }), /^422 Task.code/],
    ['an abort of nothing', () => abort({ focus: { display: 'la demande' } }), /^422 Task.focus/],
    ['an abort of somebody else’s', () => abort({ focus: { reference: 'Task/inconnue' } }), /^404/],
    [
      'input that only the sender’s server shows',
      () => put({ input: [{ type: { text: 'x' }, valueReference: { reference: 'Observation/1' } }] }),
      /^422 Task.input/,
    ],
    [
      'input whose content only the sender’s server shows',
      () =>
        put({
          input: [
            { type: { text: 'x' }, valueString: 'Biologie' },
            { type: { text: 'x' }, valueAttachment: { url: 'https://ch-le-vinatier.example/fhir/Binary/1' } },
          ],
        }),
      /^422 Task.input\[1\].valueAttachment.url .*joignez le contenu/,
    ],
    [
      'input with an INS that may not travel',
      () => put({ input: [{ type: { text: 'x' }, valueIdentifier: { ...ins, value: '174129910000258' } }] }),
      /^422 Task.input .*INS/,
    ],
    [
      'a stale version',
      async () =>
        updateOrder(story.context, story.psychiatrist, { ...(await order()), status: 'revoked' }, 99),
      /^412/,
    ],
    [
      'the fulfiller’s hand',
      async () => updateTask(story.context, story.coreso, { ...(await task()), status: 'cancelled' }),
      /^403/,
    ],
    [
      'a stranger’s',
      async () =>
        updateTask(
          story.context,
          { ...story.psychiatrist, client: 'x', server: 'ville' },
          { ...(await task()), status: 'cancelled' },
        ),
      /^404/,
    ],
    [
      'another tenant’s',
      async () =>
        updateTask(
          story.context,
          { ...story.psychiatrist, tenant: 'autre' },
          { ...(await task()), status: 'cancelled' },
        ),
      /^404/,
    ],
  ])('%s', async (_case, act, expected) => {
    await inProgress();
    expect(await outcomeOf(act)).toMatch(expected);
    expect(await now()).toMatchObject({ state: 'in-progress', closedAt: null });
  });

  it('asking to stop what has not started', async () => {
    expect(await outcomeOf(() => abort())).toMatch(/^422 Task.focus .*commencé.*cancelled/);
  });

  it('anything of what has ended', async () => {
    await revoke();
    expect(await outcomeOf(() => put({ status: 'on-hold' }))).toMatch(
      /^422 Task.status .*terminée.*replaces/,
    );
  });
});
