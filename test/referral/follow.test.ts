/** Following many Tasks of one server: what one of them brings holds back no other, and a server that is away is not pestered. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Task } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { mirror } from '../../src/referral/mirror.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { freshExample } from './fresh-example.ts';
import { startStory, type Story, tenant } from './story.ts';

let story: Story;
let bad: Referral;
let good: Referral;
let count = 0;

beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.close());
afterEach(() => story.hospitals.ville.setFaults(undefined));

/** Two referrals that have arrived at one server. */
beforeEach(async () => {
  count += 1;
  for (const which of ['a', 'b'])
    await acceptReferral(story.context, story.psychiatrist, freshExample(`follow-${count}-${which}`));
  const list = await story.context.store.referrals.list(tenant);
  [bad, good] = ['a', 'b'].map((which) =>
    list.find(({ orderKey }) => orderKey.endsWith(`-follow-${count}-${which}`)),
  ) as [Referral, Referral];
  await story.deliver();
});

const now = async ({ id }: Referral): Promise<Referral> =>
  (await story.context.store.referrals.get(tenant, id))!;

async function there({ id }: Referral): Promise<AnyResource & { id: string }> {
  const identifier = `https://passerelle.example/fhir/referral|${id}/task`;
  return (await story.find(story.servers.ville, 'Task', { identifier }))[0] as AnyResource & { id: string };
}

const move = async (referral: Referral, change: object): Promise<unknown> =>
  story.servers.ville.update({ ...(await there(referral)), ...change });

const refused = (status: number): Fault => ({
  ...{ kind: 'answer', status, headers: { 'content-type': 'application/fhir+json' } },
  body: '{"resourceType":"OperationOutcome"}',
});

/** A server that does no batches, and fails to show some things. */
const hide = (hidden: Record<string, Fault>): void =>
  story.hospitals.ville.setFaults(({ method, path }) =>
    method === 'POST' && path === '' ? refused(405) : hidden[path],
  );

describe('a Task that cannot be followed', () => {
  it.each([403, 500])(
    'because its server answers %i is told, and holds back no other (P-30)',
    async (status) => {
      const { id } = await there(bad);
      await move(good, { status: 'accepted' });
      hide({ [`Task/${id}`]: refused(status) });
      const { moved, problems } = await story.follow();
      expect(moved).toEqual([{ referral: good.id, to: 'accepted' }]);
      expect(problems).toEqual([{ referral: bad.id, server: 'ville', message: expect.any(String) }]);
    },
  );

  it('because it is no sound Task is told, and holds back no other', async () => {
    await move(bad, { status: 'rejected', output: { type: { text: 'Une liste était attendue' } } });
    await move(good, { status: 'accepted' });
    const { moved, problems } = await story.follow();
    expect(moved).toEqual([{ referral: good.id, to: 'accepted' }]);
    expect(problems).toMatchObject([{ referral: bad.id, message: expect.stringContaining('journal') }]);
    await move(bad, { status: 'cancelled', output: undefined });
    await story.follow();
  });
});

describe('a refusal whose proposal its server does not show', () => {
  it.each([403, 404])('for it answers %i counts as a refusal', async (status) => {
    const [receipt] = await story.servers.ville.transaction([
      {
        ...{ method: 'POST', url: 'ServiceRequest' },
        resource: {
          ...{ resourceType: 'ServiceRequest', status: 'draft', intent: 'proposal' },
          subject: { display: 'Patient de la demande' },
        },
      },
    ]);
    const reference = `ServiceRequest/${receipt!.localId}`;
    await move(bad, {
      status: 'rejected',
      statusReason: { text: 'Trop loin' },
      output: [{ type: { text: 'Proposition' }, valueReference: { reference } }],
    });
    hide({ [reference]: refused(status) });
    expect((await story.follow()).problems).toEqual([]);
    expect(await now(bad)).toMatchObject({ state: 'rejected' });
  });
});

describe('a Task that two looks read at once', () => {
  const look = async (task: AnyResource, asked: Date): Promise<string[]> => {
    const parts = { ...story.context, pathway: createPathway(story.context) };
    const read = { asked, came: new Date(story.clock.now()) };
    const { moved } = await story.context.store.transaction((tx) =>
      mirror(tx, tenant, { referralId: good.id, n: 1, read }, task as unknown as Task, parts),
    );
    return moved;
  };

  it('is not set back by the one that read it first and comes last', async () => {
    for (const status of ['accepted', 'in-progress']) {
      await move(good, { status });
      await story.follow();
    }
    await move(good, { status: 'on-hold' });
    const asked = new Date(story.clock.now());
    const stale = await there(good);
    await move(good, { status: 'in-progress', note: [{ text: 'Reprise' }] });
    await story.follow();
    expect(await look(stale, asked)).toEqual([]);
    expect(await now(good)).toMatchObject({ state: 'in-progress' });
  });

  it('is followed as it is now, even where its server’s clock went back', async () => {
    for (const status of ['accepted', 'in-progress', 'on-hold']) {
      await move(good, { status });
      await story.follow();
    }
    const task = {
      ...(await there(good)),
      status: 'in-progress',
      meta: { lastUpdated: '2026-01-01T00:00:00Z' },
    };
    story.clock.advance(1000);
    expect(await look(task, new Date(story.clock.now()))).toEqual(['in-progress']);
  });
});

describe('a server that is away', () => {
  it('is told once, and not asked for each Task (P-34)', async () => {
    await move(good, { status: 'accepted' });
    const asked: string[] = [];
    story.hospitals.ville.setFaults(({ path }) => {
      asked.push(path);
      return { kind: 'answer', status: 503 };
    });
    const { moved, problems } = await story.follow();
    expect(moved).toEqual([]);
    expect(problems).toEqual([{ referral: undefined, server: 'ville', message: expect.any(String) }]);
    expect(asked.length).toBeLessThanOrEqual(3);
  });
});
