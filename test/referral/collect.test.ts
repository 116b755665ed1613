/** Referrals that a hospital places on its own server: fetched, told back, taken back and closed there. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { closeReferral } from '../../src/referral/close.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { example, startStory, type Story, tenant } from './story.ts';

let story: Story;
beforeAll(async () => {
  story = await startStory();
  const ambulatory = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' };
  const resource = { resourceType: 'Encounter', id: 'stay-7', status: 'finished', class: ambulatory };
  await story.servers.vinatier.transaction([{ method: 'PUT', url: 'Encounter/stay-7', resource }]);
});
afterAll(() => story.close());

type Entry = { fullUrl: string; resource: AnyResource; request: { method: 'POST'; url: string } };

/** Places the example at the psychiatrist's own server, with what only that server can show; answers the Task's id. */
async function place(number: number): Promise<string> {
  const entries = (structuredClone(example()['entry']) as Entry[]).map(({ fullUrl, resource, request }) => {
    const [identifier] = (resource['identifier'] ?? []) as { value?: string }[];
    if (['ServiceRequest', 'Task'].includes(resource.resourceType)) identifier!.value += `-${number}`;
    const encounter =
      resource.resourceType === 'ServiceRequest' ? { encounter: { reference: 'Encounter/stay-7' } } : {};
    return { ...request, fullUrl, resource: { ...resource, ...encounter } };
  });
  const receipts = await story.servers.vinatier.transaction(entries);
  return receipts.find(({ type }) => type === 'Task')!.localId;
}

const read = async (type: string, id: string): Promise<AnyResource & { id: string }> => {
  const result = await story.servers.vinatier.read(type, id);
  if (result.state !== 'found') throw new Error(`${type}/${id} ${result.state}`);
  return result.resource as AnyResource & { id: string };
};
const referralOf = async (id: string): Promise<Referral> =>
  (await story.context.store.referrals.get(tenant, id))!;

async function moveThere(id: string, change: object): Promise<void> {
  const identifier = `https://passerelle.example/fhir/referral|${id}/task`;
  const [task] = await story.find(story.servers.ville, 'Task', { identifier });
  await story.servers.ville.update({ ...task!, ...change } as AnyResource & { id: string });
}

async function changeOrder(taskId: string, status: string): Promise<void> {
  const { reference } = (await read('Task', taskId))['focus'] as { reference: string };
  const order = await read('ServiceRequest', reference.split('/')[1]!);
  await story.servers.vinatier.update({ ...order, status });
}

describe('a referral placed on the hospital’s own server', () => {
  it('is fetched once, relayed like any other, and told back', async () => {
    const taskId = await place(1);
    const { accepted, problems } = await story.collect();
    expect(problems).toEqual([]);
    expect(accepted).toHaveLength(1);
    expect((await story.collect()).accepted).toEqual([]);
    const [id] = accepted as [string];
    await story.deliver();
    expect(await read('Task', taskId)).toMatchObject({ status: 'received' });
    const [sent] = await story.find(story.servers.ville, 'ServiceRequest');
    expect(JSON.stringify(sent)).not.toContain('Encounter/stay-7');

    await moveThere(id, { status: 'rejected', statusReason: { text: 'Hors secteur' } });
    await story.follow();
    await story.collect();
    await story.deliver();
    expect(await read('Task', taskId)).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'Hors secteur' },
    });
    await changeOrder(taskId, 'completed');
    await story.collect();
    expect((await referralOf(id)).closedAt).toBeInstanceOf(Date);
  });

  it('is taken back when its order is revoked there', async () => {
    const taskId = await place(2);
    const { accepted } = await story.collect();
    const [id] = accepted as [string];
    await story.deliver();
    await changeOrder(taskId, 'revoked');
    await story.collect();
    await story.deliver();
    expect(await referralOf(id)).toMatchObject({ state: 'cancelled' });
    await story.deliver();
    expect(await read('Task', taskId)).toMatchObject({ status: 'cancelled' });
    expect((await story.collect()).accepted).toEqual([]);
  });

  it('that is refused stays requested there, is told with its Task, and holds back no other', async () => {
    const bad = await place(3);
    const letter = (await story.find(story.servers.vinatier, 'Consent')).at(-1)!;
    await story.servers.vinatier.update({ ...letter, status: 'inactive' } as AnyResource & { id: string });
    const good = await place(4);
    const { accepted, problems } = await story.collect();
    expect(accepted).toHaveLength(1);
    expect(problems).toMatchObject([{ server: 'vinatier', task: bad }]);
    expect(await read('Task', bad)).toMatchObject({ status: 'requested' });
    await story.deliver();
    expect(await read('Task', good)).toMatchObject({ status: 'received' });
  });

  it('is told its end there although it is closed before the next look (REF-07)', async () => {
    const taskId = await place(7);
    const [id] = (await story.collect()).accepted as [string];
    await story.deliver();
    await moveThere(id, { status: 'accepted' });
    await story.follow();
    await story.collect();
    // What is told of the acceptance is on its way when the end comes.
    let underWay = (): void => undefined;
    const isUnderWay = new Promise<void>((resolve) => (underWay = resolve));
    story.hospitals.vinatier.setFaults(({ method, body }) => {
      if (method === 'GET' || !body.includes('"accepted"')) return undefined;
      underWay();
      return { kind: 'delay', ms: 2000 };
    });
    const telling = story.deliver();
    await isUnderWay;
    await moveThere(id, { status: 'rejected', statusReason: { text: 'Hors secteur' } });
    await story.follow();
    await story.context.store.transaction(async (tx) => {
      const referral = (await tx.referrals.lock(tenant, id))!;
      expect(await closeReferral(tx, referral, 'Mme ESSAI', new Date(story.clock.now()))).toBeUndefined();
    });
    await telling;
    story.hospitals.vinatier.setFaults(undefined);
    await story.deliver();
    expect(await read('Task', taskId)).toMatchObject({
      status: 'rejected',
      statusReason: { text: 'Hors secteur' },
    });
  });

  it('whose order cannot be read any more is told, and the others are told back (P-30)', async () => {
    const [hidden, shown] = [await place(5), await place(6)];
    const { accepted } = await story.collect();
    await story.deliver();
    const { reference } = (await read('Task', hidden))['focus'] as { reference: string };
    for (const id of accepted) await moveThere(id, { status: 'accepted' });
    await story.follow();
    story.hospitals.vinatier.setFaults(({ method, path }) => {
      const status = method === 'POST' && path === '' ? 405 : path === reference ? 403 : undefined;
      const headers = { 'content-type': 'application/fhir+json' };
      return status && { kind: 'answer', status, headers, body: '{"resourceType":"OperationOutcome"}' };
    });
    const { problems } = await story.collect();
    story.hospitals.vinatier.setFaults(undefined);
    const told = problems.filter(({ referral }) => referral !== undefined);
    expect(told).toMatchObject([{ server: 'vinatier', message: expect.stringContaining('403') }]);
    await story.deliver();
    for (const id of [hidden, shown]) expect(await read('Task', id)).toMatchObject({ status: 'accepted' });
  });

  it('waits while its server is silent, which is told', async () => {
    story.hospitals.vinatier.setFaults(() => ({ kind: 'answer', status: 503 }));
    expect(await story.collect()).toMatchObject({ accepted: [], problems: [{ task: undefined }] });
    story.hospitals.vinatier.setFaults(undefined);
  });
});
