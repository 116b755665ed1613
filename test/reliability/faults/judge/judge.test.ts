/** The judge is judged: what is done to hospitals behind everybody's back must be found. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../../../../src/demo/http.ts';
import type { AnyResource } from '../../../../src/fhir/types.ts';
import { partKey } from '../../../../src/referral/names.ts';
import type { ReferralDetail } from '../../../../src/referral-operations.ts';
import { type FreshStory, freshStory } from '../story/fresh-story.ts';
import { type Ground, placesOf, prepareGround } from '../ground.ts';
import { judgeAll } from './judge-all.ts';
import { judgeStory } from './judge-story.ts';
import { type Faults, noFaults, type Places } from './judged.ts';
import { judgeLedger } from './judge-ledger.ts';
import { playStory } from '../story/play-story.ts';
import { storyTable } from '../story/story-table.ts';
import { tokenOf } from '../story/until.ts';

const endings: (() => Promise<unknown>)[] = [];
const coreso = freshStory(storyTable['coreso']!, 'JUGE');
const rcp = freshStory(storyTable['rcp']!, 'JUGE');
const handedOver = freshStory(storyTable['handed-over']!, 'JUGE-3');
const stories = [coreso, rcp, handedOver];
let ground: Ground;
const referrals = new Map<FreshStory, string>();

beforeAll(async () => {
  ground = await prepareGround(
    { hospitals: 'sandbox', ids: 'client' },
    stories.map(({ line }) => line.name),
    endings,
  );
  for (const story of stories) referrals.set(story, await playStory(story, ground.actors, () => undefined));
}, 120_000);
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

const judged = (story: FreshStory, places: Partial<Places> = {}): Promise<Faults> =>
  judgeStory(story, referrals.get(story)!, { ...placesOf(ground), ...places });
const detailOf = (story: FreshStory): Promise<ReferralDetail> =>
  ground.actors.operation('referralShow', { id: referrals.get(story) });

type Stored = AnyResource & { id: string };

async function found(type: string, key: string, at: Caller = ground.actors.town): Promise<Stored> {
  const [one] = await at.all(`${type}?identifier=${tokenOf(key)}`);
  return one as Stored;
}
const part = (story: FreshStory, type: string, name: string): Promise<Stored> =>
  found(type, partKey(referrals.get(story)!, name));

const put = (resource: Stored, at: Caller = ground.actors.town) =>
  at.put(`${resource.resourceType}/${resource.id}`, resource);

describe('the judge of the fault runs', () => {
  it.each(stories)('finds nothing where nothing went wrong ($line.name)', async (story) => {
    const faults = await judged(story);
    judgeLedger(story, await detailOf(story), faults);
    expect(faults).toEqual(noFaults());
    expect(await judgeAll(ground.site.hospitals.ville)).toEqual({ duplicated: [], orphans: 0 });
  });

  it('finds an event of the ledger that is missing, doubled or too early', async () => {
    const detail = await detailOf(coreso);
    const [first, ...rest] = detail.timeline;
    const faultsOf = (timeline: ReferralDetail['timeline']): Faults => {
      const faults = noFaults();
      judgeLedger(coreso, { ...detail, timeline }, faults);
      return faults;
    };
    expect(faultsOf(rest).lost).toHaveLength(1);
    expect(faultsOf([first!, ...detail.timeline]).duplicated).toHaveLength(1);
    expect(faultsOf([...rest, first!]).disordered).toHaveLength(1);
  });

  it('finds other bytes, a status set back and an outcome taken back', async () => {
    const document = await found('DocumentReference', coreso.documentKey);
    const id = /Binary\/([\w.-]+)/.exec(JSON.stringify(document['content']))![1]!;
    const { resource } = await ground.actors.town.get(`Binary/${id}`);
    await put({ ...resource, id, data: Buffer.from('autre chose').toString('base64') });
    expect((await judged(coreso)).wrong).toHaveLength(1);

    const task = await found('Task', coreso.task);
    await put({ ...task, status: 'accepted' });
    await put({ ...task, status: 'completed' });
    const plan = await part(coreso, 'CarePlan', 'care-plan');
    const activity = (plan['activity'] as object[]).map((one, index) =>
      index === 0 ? { ...one, outcomeReference: undefined } : one,
    );
    await put({ ...plan, activity });
    expect((await judged(coreso)).disordered).toHaveLength(2);
    expect((await judged(coreso)).lost).toHaveLength(1);
  });

  it('finds a second order, and a Binary that nothing points to', async () => {
    const step = await part(coreso, 'ServiceRequest', 'activity/consultation-1');
    await put({ ...step, id: 'second' });
    await ground.actors.town.put('Binary/lost', {
      ...{ resourceType: 'Binary', id: 'lost', contentType: 'text/plain', data: 'eA==' },
    });
    expect((await judged(coreso)).duplicated).toHaveLength(1);
    expect(await judgeAll(ground.site.hospitals.ville)).toMatchObject({
      duplicated: [expect.stringContaining('consultation-1')],
      orphans: 1,
    });
  });

  it('finds a care circle that is gone or was confirmed by nobody, and what was asked of it twice or never', async () => {
    const circle = await part(coreso, 'CareTeam', 'care-circle');
    await put({ ...circle, status: 'active', participant: [] });
    const changed = await judged(coreso);
    expect([changed.disordered.join(), changed.wrong.join()]).toEqual([
      expect.stringContaining('CareTeam: proposed → active'),
      expect.stringContaining('CareTeam: nobody'),
    ]);
    const task = await part(coreso, 'Task', 'circle-task/2');
    await put({ ...task, id: 'asked-again' });
    expect((await judged(coreso)).duplicated.join()).toContain('circle-task');
    const other = [{ system: 'https://ailleurs.example', value: '2' }];
    for (const id of [task.id, 'asked-again']) await put({ ...task, id, identifier: other });
    await put({ ...circle, identifier: other });
    const { lost } = await judged(coreso);
    expect(lost.filter((one) => /care-circle|circle-task/.test(one))).toHaveLength(2);
  });

  it('finds what is gone', async () => {
    const letter = await found('DocumentReference', coreso.letter);
    const other = { system: 'https://ailleurs.example', value: '1' };
    await put({ ...letter, identifier: [other], masterIdentifier: other });
    expect((await judged(coreso)).lost.join()).toContain(coreso.letter);
  });
});

describe('the judge of an RCP', () => {
  it('finds a sitting that is gone, stands twice, or has lost a participant or a discipline', async () => {
    const judgedWith = (change: (sittings: AnyResource[]) => AnyResource[]): Promise<Faults> =>
      judged(rcp, { gateway: { all: async (path) => change(await ground.actors.fulfiller.all(path)) } });
    const others = (change: (seats: object[]) => object[]) => (sittings: AnyResource[]) =>
      sittings.map((one) => ({ ...one, participant: change(one['participant'] as object[]) }));
    expect((await judgedWith(() => [])).lost).toHaveLength(2);
    expect((await judgedWith((sittings) => [...sittings, ...sittings])).duplicated).toHaveLength(2);
    expect((await judgedWith(others((seats) => seats.slice(1)))).wrong).toHaveLength(2);
    expect(
      (await judgedWith(others((seats) => seats.map((seat) => ({ ...seat, type: [] }))))).wrong,
    ).toHaveLength(2);
  });

  it('finds a print that is none, stands twice or is gone', async () => {
    const { psychiatrie } = ground.site.hospitals;
    const document = await found('DocumentReference', rcp.documentKey, psychiatrie);
    const { reference } = document['subject'] as { reference: string };
    const told = (await psychiatrie.all(`DocumentReference?subject=${reference}`)) as Stored[];
    const print = told.find(({ relatesTo }) => relatesTo)!;
    await put({ ...print, id: 'second', content: document['content'] }, psychiatrie);
    const faults = await judged(rcp);
    expect([faults.duplicated.length, faults.wrong.length]).toEqual([1, 1]);
    expect((await judgeAll(psychiatrie)).duplicated).toHaveLength(1);
    for (const id of ['second', print.id]) await put({ ...print, id, relatesTo: [] }, psychiatrie);
    expect((await judged(rcp)).lost).toHaveLength(1);
    await put(print, psychiatrie);
  });

  it('finds a decision that the plan no longer names, or names twice, and a step that it did not open', async () => {
    const plan = await part(rcp, 'CarePlan', 'care-plan');
    const decided = plan['supportingInfo'] as object[];
    await put({ ...plan, supportingInfo: [] });
    expect((await judged(rcp)).lost).toHaveLength(1);
    await put({ ...plan, supportingInfo: [...decided, ...decided] });
    const faults = await judged(rcp);
    expect([faults.duplicated.length, faults.disordered.length]).toEqual([1, 1]);
    await put({ ...(await part(rcp, 'ServiceRequest', 'activity/preparation.2')), status: 'revoked' });
    expect((await judged(rcp)).lost).toHaveLength(1);
  });
});

describe('the judge of a referral that was handed over', () => {
  it('finds a Task of whoever was let go that ended otherwise, and a plan that still holds', async () => {
    const { psychiatrie } = ground.site.hospitals;
    const key = (name: string): string => partKey(referrals.get(handedOver)!, `${name}/2`);
    const task = await found('Task', key('task'), psychiatrie);
    const plan = await found('CarePlan', key('care-plan'), psychiatrie);
    await put({ ...task, status: 'accepted' }, psychiatrie);
    await put({ ...plan, status: 'active' }, psychiatrie);
    const faults = await judged(handedOver);
    expect([faults.lost.length, faults.disordered.length]).toEqual([2, 2]);
    await put({ ...task, id: 'second' }, psychiatrie);
    expect((await judged(handedOver)).duplicated).toHaveLength(1);
  });

  it('finds a plan that began once too rarely', async () => {
    const detail = await detailOf(handedOver);
    const first = detail.timeline.findIndex(({ kind }) => kind === 'plan-started');
    const faults = noFaults();
    judgeLedger(handedOver, { ...detail, timeline: detail.timeline.toSpliced(first, 1) }, faults);
    expect(faults.lost).toHaveLength(1);
  });
});
