/** What becomes late is told once in the ledger and as a Task, and taken back when it came. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/clock.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { closeReferral } from '../../src/referral/close.ts';
import { watchClocks, type WatchResult } from '../../src/referral/watch.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { testValidator } from '../validator.ts';
import { example, startStory, type Story, tenant } from './story.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

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

const watch = (of = tenant): Promise<WatchResult> =>
  watchClocks({ ...story.context, ids: systemIds, log: createLog('silent') }, of);

async function overdueTasks(): Promise<AnyResource[]> {
  const { resources } = await story.context.store.clinical.search(tenant, { type: 'Task', limit: 50 });
  return resources.filter(({ description }) => String(description).startsWith('En retard'));
}

const overdueEvents = async (): Promise<string[]> =>
  (await story.context.store.referrals.events(tenant, referral.id))
    .filter(({ kind }) => kind.startsWith('overdue'))
    .map(({ kind, detail }) => `${kind} ${(detail as { clock: string }).clock}`);

describe('watching the clocks', () => {
  it('says nothing while everything is in time', async () => {
    expect(await watch()).toEqual({ checked: 1, overdue: [], problems: [] });
    expect(await overdueTasks()).toEqual([]);
  });

  it('tells what is late once, however often it looks', async () => {
    story.clock.advance(5 * hourMs);
    expect((await watch()).overdue).toMatchObject([{ referral: referral.id, clock: 'transport' }]);
    expect((await watch()).overdue).toEqual([]);
    expect(await overdueEvents()).toEqual(['overdue transport']);
    const tasks = await overdueTasks();
    expect(tasks).toMatchObject([
      { status: 'requested', focus: { reference: `Task/${referral.taskId}` }, meta: { versionId: '1' } },
    ]);
    const validator = await testValidator();
    const profile = 'https://passerelle.example/fhir/StructureDefinition/pas-overdue-task';
    expect(validator.validate(tasks[0]!, [profile])).toEqual([]);
  });

  it('ends the Task when what was due came', async () => {
    story.clock.advance(5 * hourMs);
    await watch();
    await story.deliver();
    await watch();
    expect(await overdueEvents()).toEqual(['overdue transport', 'overdue-ended transport']);
    expect(await overdueTasks()).toMatchObject([{ status: 'completed', meta: { versionId: '2' } }]);
  });

  it('ends it also for a referral that was refused, and reminds the placer until it is closed', async () => {
    await story.deliver();
    story.clock.advance(20 * dayMs);
    expect((await watch()).overdue).toMatchObject([{ clock: 'acceptance' }]);
    const identifier = `https://passerelle.example/fhir/referral|${referral.id}/task`;
    const [task] = await story.find(story.servers.ville, 'Task', { identifier });
    await story.servers.ville.update({ ...task!, status: 'rejected' } as AnyResource & { id: string });
    await story.follow();
    expect(await watch()).toMatchObject({ checked: 1, overdue: [] });
    expect(await overdueEvents()).toEqual(['overdue acceptance', 'overdue-ended acceptance']);
    story.clock.advance(20 * dayMs);
    expect((await watch()).overdue).toMatchObject([{ clock: 'closure' }]);
    const waiting = (await overdueTasks()).find(({ status }) => status === 'requested');
    expect(waiting?.['owner']).toMatchObject({ type: 'PractitionerRole' });
    const { store } = story.context;
    await store.transaction(async (tx) => {
      const now = new Date(story.clock.now());
      await closeReferral(tx, (await tx.referrals.lock(tenant, referral.id))!, 'Dr Essai', now);
    });
    expect(await watch()).toMatchObject({ checked: 1, overdue: [] });
    expect(await watch()).toEqual({ checked: 0, overdue: [], problems: [] });
  });

  it('tells one Task when two gateways look at the same moment', async () => {
    story.clock.advance(5 * hourMs);
    const both = await Promise.all([watch(), watch()]);
    expect(both.flatMap(({ overdue }) => overdue)).toHaveLength(1);
    expect(await overdueTasks()).toHaveLength(1);
  });

  it('tells a referral whose clocks cannot be read, and goes on with the others (P-30)', async () => {
    const { referrals } = story.context.store;
    for (const id of ['aaa-unreadable', 'zzz-fine'])
      await referrals.insert({ ...referral, id, orderKey: `x|${id}` });
    const at = new Date(story.clock.now());
    const detail = { candidate: 1, delays: [{ stretch: 'acceptance', priority: 'routine', within: {} }] };
    const queued = { at, kind: 'queued', actor: 'gateway', detail };
    await referrals.addEvent(tenant, 'aaa-unreadable', queued);
    for (const id of ['aaa-unreadable', 'zzz-fine'])
      for (const kind of ['accepted', 'relayed'])
        await referrals.addEvent(tenant, id, { at, kind, actor: 'gateway', detail: {} });
    story.clock.advance(20 * dayMs);
    const { checked, overdue, problems } = await watch();
    expect(checked).toBe(3);
    expect(overdue.map((one) => one.referral).sort()).toEqual([referral.id, 'zzz-fine'].sort());
    expect(problems).toMatchObject([{ referral: 'aaa-unreadable' }]);
  });

  it('looks at the referrals of its tenant only (rule 7)', async () => {
    story.clock.advance(5 * hourMs);
    expect(await watch('autre')).toEqual({ checked: 0, overdue: [], problems: [] });
  });
});

describe('open referrals in pages', () => {
  it('come all, each once, whatever the size of a page', async () => {
    const { referrals } = story.context.store;
    const ids = Array.from({ length: 7 }, (_, index) => `more-${index}`);
    for (const id of ids) await referrals.insert({ ...referral, id, orderKey: `x|${id}` });
    await referrals.close(tenant, 'more-3', 'rejected', new Date());
    const seen: string[] = [];
    for await (const page of referrals.open(tenant, 3)) seen.push(...page.map(({ id }) => id));
    expect(seen.sort()).toEqual([referral.id, ...ids.filter((id) => id !== 'more-3')].sort());
  });
});
