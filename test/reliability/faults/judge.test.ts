/** The judge is judged: what is done to hospitals behind everybody's back must be found. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../../src/fhir/types.ts';
import { partKey } from '../../../src/referral/names.ts';
import type { ReferralDetail } from '../../../src/referral-operations.ts';
import { freshStory } from './fresh-story.ts';
import { type Ground, prepareGround } from './ground.ts';
import { type Faults, judgeAll, judgeStory } from './judge.ts';
import { judgeLedger } from './ledger.ts';
import { playStory, tokenOf } from './play-story.ts';
import { storyTable } from './story-table.ts';

const endings: (() => Promise<unknown>)[] = [];
const story = freshStory(storyTable['coreso']!, 'JUGE');
const none: Faults = { lost: [], duplicated: [], disordered: [], wrong: [] };
let ground: Ground;
let referral: string;

beforeAll(async () => {
  ground = await prepareGround({ hospitals: 'sandbox', ids: 'client' }, ['coreso'], endings);
  referral = await playStory(story, ground.actors, () => undefined);
}, 120_000);
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

const judged = (): Promise<Faults> => judgeStory(story, referral, ground.site.hospitals);

async function inTown(type: string, key: string): Promise<AnyResource & { id: string }> {
  const [found] = await ground.actors.town.all(`${type}?identifier=${tokenOf(key)}`);
  return found as AnyResource & { id: string };
}

const put = (resource: AnyResource & { id: string }) =>
  ground.actors.town.put(`${resource.resourceType}/${resource.id}`, resource);

describe('the judge of the fault runs', () => {
  it('finds nothing where nothing went wrong', async () => {
    const detail = await ground.actors.operation<ReferralDetail>('referralShow', { id: referral });
    const faults = await judged();
    judgeLedger(story, detail, faults);
    expect(faults).toEqual(none);
    expect(await judgeAll(ground.site.hospitals.ville)).toEqual({ duplicated: [], orphans: 0 });
  });

  it('finds an event of the ledger that is missing, doubled or too early', async () => {
    const detail = await ground.actors.operation<ReferralDetail>('referralShow', { id: referral });
    const [first, ...rest] = detail.timeline;
    const faultsOf = (timeline: ReferralDetail['timeline']): Faults => {
      const faults = structuredClone(none);
      judgeLedger(story, { ...detail, timeline }, faults);
      return faults;
    };
    expect(faultsOf(rest).lost).toHaveLength(1);
    expect(faultsOf([first!, ...detail.timeline]).duplicated).toHaveLength(1);
    expect(faultsOf([...rest, first!]).disordered).toHaveLength(1);
  });

  it('finds other bytes, a status set back and an outcome taken back', async () => {
    const document = await inTown('DocumentReference', story.documentKey);
    const id = /Binary\/([\w.-]+)/.exec(JSON.stringify(document['content']))![1]!;
    const { resource } = await ground.actors.town.get(`Binary/${id}`);
    await put({ ...resource, id, data: Buffer.from('autre chose').toString('base64') });
    expect((await judged()).wrong).toHaveLength(1);

    const task = await inTown('Task', story.task);
    await put({ ...task, status: 'accepted' });
    await put({ ...task, status: 'completed' });
    const plan = await inTown('CarePlan', partKey(referral, 'care-plan'));
    const activity = (plan['activity'] as object[]).map((one, index) =>
      index === 0 ? { ...one, outcomeReference: undefined } : one,
    );
    await put({ ...plan, activity });
    expect((await judged()).disordered).toHaveLength(2);
    expect((await judged()).lost).toHaveLength(1);
  });

  it('finds a second order, and a Binary that nothing points to', async () => {
    const step = await inTown('ServiceRequest', partKey(referral, 'activity/consultation-1'));
    await put({ ...step, id: 'second' });
    await ground.actors.town.put('Binary/lost', {
      ...{ resourceType: 'Binary', id: 'lost', contentType: 'text/plain', data: 'eA==' },
    });
    expect((await judged()).duplicated).toHaveLength(1);
    expect(await judgeAll(ground.site.hospitals.ville)).toMatchObject({
      duplicated: [expect.stringContaining('consultation-1')],
      orphans: 1,
    });
  });

  it('finds what is gone', async () => {
    const letter = await inTown('DocumentReference', story.letter);
    const other = { system: 'https://ailleurs.example', value: '1' };
    await put({ ...letter, identifier: [other], masterIdentifier: other });
    expect((await judged()).lost.join()).toContain(story.letter);
  });
});
