/**
 * Hospitals whose clock is a day ahead or behind, in what they say of their resources, in the Date of their answers and in
 * what is written there. Nothing is polled by `_lastUpdated`, so no cursor can pass over anything; every clock of a referral
 * runs by our time.
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { clocksOf } from '../../src/referral/clocks.ts';
import { testValidator } from '../validator.ts';
import { coreso, startStory, type Story, tenant } from './story.ts';
import { freshExample } from './fresh-example.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let story: Story;
afterEach(() => story.close());

type Entry = { fullUrl: string; resource: AnyResource; request: { method: 'POST'; url: string } };

/** Placed at the psychiatrist's own server, dated by its clock. */
async function place(aheadMs: number, consent: object = {}): Promise<void> {
  const authoredOn = new Date(story.clock.now() + aheadMs).toISOString();
  const bundle = freshExample('clock-off', (resource) => {
    if (['ServiceRequest', 'Task'].includes(resource.resourceType)) resource['authoredOn'] = authoredOn;
    if (resource.resourceType === 'Task') resource['lastModified'] = authoredOn;
    if (resource.resourceType === 'Consent') Object.assign(resource['provision'] as object, consent);
  });
  const entries = (bundle['entry'] as Entry[]).map(({ fullUrl, resource, request }) => ({
    ...request,
    ...{ fullUrl, resource },
  }));
  await story.servers.vinatier.transaction(entries);
}

async function move(id: string, change: object): Promise<void> {
  const identifier = `https://passerelle.example/fhir/referral|${id}/task`;
  const [task] = await story.find(story.servers.ville, 'Task', { identifier });
  await story.servers.ville.update({ ...task!, ...change } as AnyResource & { id: string });
}

/** What the gateway keeps and gave to the hospitals, by the validator. */
async function invalid(): Promise<string[]> {
  const validator = await testValidator();
  const own = await story.context.store.clinical.search(tenant, { type: 'Task', limit: 50 });
  const given = await Promise.all(Object.values(story.servers).map((server) => story.find(server, 'Task')));
  const issues = [...own.resources, ...given.flat()].flatMap((task) => validator.validate(task));
  return issues.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

describe.each([
  ['ahead', dayMs],
  ['behind', -dayMs],
])('hospitals whose clocks are a day %s', (_how, aheadMs) => {
  it('lose nothing: each referral is fetched once, each move of its Task is followed once, in order', async () => {
    story = await startStory(undefined, undefined, { ...coreso, aheadMs });
    await place(aheadMs);
    const first = await story.collect();
    expect(first).toMatchObject({ accepted: [expect.any(String)], problems: [] });
    expect((await story.collect()).accepted).toEqual([]);
    const [id] = first.accepted as [string];
    await story.deliver();
    for (const status of ['accepted', 'in-progress', 'on-hold', 'in-progress']) {
      await move(id, { status, statusReason: { text: 'Essai' } });
      expect((await story.follow()).moved).toEqual([{ referral: id, to: status }]);
      expect((await story.follow()).moved).toEqual([]);
      story.clock.advance(1_000);
    }
    await story.deliver();
    expect(await invalid()).toEqual([]);
    const [plan] = await story.find(story.servers.ville, 'CarePlan');
    expect(plan).toMatchObject({ status: 'active' });
    const [told] = await story.find(story.servers.vinatier, 'Task');
    await story.collect();
    await story.deliver();
    expect((await story.find(story.servers.vinatier, 'Task'))[0]).toMatchObject({
      ...{ id: told!.id, status: 'in-progress' },
    });
  });

  it('set none of the referral’s clocks: those run by our time', async () => {
    story = await startStory(undefined, undefined, { ...coreso, aheadMs });
    await place(aheadMs);
    const [id] = (await story.collect()).accepted as [string];
    await story.deliver();
    await move(id, { status: 'accepted' });
    await story.follow();
    const { store, rules } = story.context;
    const referral = (await store.referrals.get(tenant, id))!;
    const events = await store.referrals.events(tenant, id);
    const now = story.clock.now();
    const clocks = clocksOf({ ...referral, events }, rules.clocks, new Date(now));
    expect(clocks.map(({ id: of }) => of)).toEqual(
      expect.arrayContaining(['transport', 'acceptance', 'first-contact']),
    );
    for (const { startedAt, late } of clocks) {
      expect(Math.abs(startedAt.getTime() - now)).toBeLessThan(hourMs);
      expect(late).toBe(false);
    }
    expect(Math.abs(referral.acceptedAt.getTime() - now)).toBeLessThan(hourMs);
    const own = (await store.clinical.get(tenant, 'Task', referral.taskId))!;
    expect(Math.abs(Date.parse(String(own['lastModified'])) - now)).toBeLessThan(hourMs);
  });
});

describe('a hospital whose clock is a day ahead', () => {
  it('gives a consent that begins tomorrow: the referral waits there with the reason, and is taken once it is in force', async () => {
    story = await startStory(undefined, undefined, { ...coreso, aheadMs: dayMs });
    const start = new Date(story.clock.now() + dayMs).toISOString();
    await place(dayMs, { period: { start } });
    const refused = await story.collect();
    expect(refused).toMatchObject({ accepted: [], problems: [{ server: 'vinatier' }] });
    expect(refused.problems[0]!.message).toMatch(/consentement/i);
    expect((await story.find(story.servers.vinatier, 'Task'))[0]).toMatchObject({ status: 'requested' });
    story.clock.advance(dayMs + hourMs);
    expect((await story.collect()).accepted).toHaveLength(1);
  });
});

describe('a hospital whose clock is put right meanwhile', () => {
  it('is followed all the same: what was changed last counts, although its clock says that it was before', async () => {
    const cast = { ...coreso, aheadMs: dayMs };
    story = await startStory(undefined, undefined, cast);
    await place(dayMs);
    const [id] = (await story.collect()).accepted as [string];
    await story.deliver();
    await move(id, { status: 'accepted' });
    expect((await story.follow()).moved).toEqual([{ referral: id, to: 'accepted' }]);
    cast.aheadMs = 0;
    story.clock.advance(1_000);
    await move(id, { status: 'in-progress' });
    expect((await story.follow()).moved).toEqual([{ referral: id, to: 'in-progress' }]);
  });
});
