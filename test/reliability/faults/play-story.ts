/** Plays a story to its end through everything that goes wrong meanwhile. Throws when a step is refused or never comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../../src/demo/http.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import type { AnyResource, Identifier } from '../../../src/fhir/types.ts';
import type { ReferralDetail, ReferralSummary } from '../../../src/referral-operations.ts';
import { partKey } from '../../../src/referral/names.ts';
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';

const pauseMs = 100;
const patienceMs = 120_000;

/** From the referral to its closing; `reached` hears of each step. Answers the gateway's id of the referral. */
export async function playStory(
  story: FreshStory,
  actors: Actors,
  reached: (step: string) => void,
): Promise<string> {
  const { line } = story;
  expectOk(await actors.placer.do((placer) => placer.post('', story.referral)), 'the referral');
  reached('placed');
  const referral = await until('the referral in the list', async () => {
    const all = await actors.operation<ReferralSummary[]>('referralList');
    return all.find(({ order }) => order === story.order)?.id;
  });
  await moveTask(story, actors, { status: 'accepted' });
  reached('accepted');
  const steps = [...line.consultations, ...Object.keys(line.named)];
  if (steps.length)
    await until('the plan', async () => {
      await actors.look();
      return stepOf(actors, referral, steps[0]!);
    });
  reached('planned');
  for (const [index, id] of line.consultations.entries())
    await consult(story, actors, referral, id, index + 1);
  for (const [id, { rpps, display }] of Object.entries(line.named))
    await name(actors, referral, id, { identifier: { system: systems.rpps, value: rpps }, display });
  reached('consulted');
  expectOk(await actors.fulfiller.do((ours) => ours.post('Bundle', story.document)), 'the document');
  const document = await until('the document in town', async () => {
    const found = await actors.town.all(`DocumentReference?identifier=${tokenOf(story.documentKey)}`);
    return found[0];
  });
  reached('documented');
  const valueReference = { reference: `DocumentReference/${document.id}` };
  await moveTask(story, actors, {
    status: 'completed',
    output: [{ type: { text: 'Document' }, valueReference }],
  });
  await until('the end', async () => {
    await actors.look();
    const { state } = await actors.operation<ReferralDetail>('referralShow', { id: referral });
    return state === 'completed' || undefined; // the Task is, and every receiver has the document
  });
  reached('completed');
  await close(story, actors);
  reached('closed');
  return referral;
}

/** A search token of a `system|value`. */
export function tokenOf(key: string): string {
  return encodeURIComponent(key);
}

/** The person in town writes under the version they read; the gateway may have written meanwhile. */
async function moveTask({ task }: FreshStory, { town }: Actors, change: object): Promise<void> {
  await until('the Task in town', async () => {
    const [found] = await town.all(`Task?identifier=${tokenOf(task)}`);
    if (!found) return undefined;
    const version = `W/"${found.meta!.versionId}"`;
    const { status } = await town.put(`Task/${found.id}`, { ...found, ...change }, version);
    if (status === 409 || status === 412) return undefined;
    if (status !== 200) throw new Error(`the Task in town: ${status}`);
    return true;
  });
}

async function stepOf({ fulfiller }: Actors, referral: string, id: string): Promise<AnyResource | undefined> {
  const [order] = await fulfiller.all(
    `ServiceRequest?identifier=${tokenOf(partKey(referral, `activity/${id}`))}`,
  );
  return order;
}

async function consult(
  { consultation, task }: FreshStory,
  actors: Actors,
  referral: string,
  id: string,
  number: number,
): Promise<void> {
  const order = await until(id, () => stepOf(actors, referral, id));
  const [{ system }] = consultation!['identifier'] as [Identifier];
  const encounter = {
    ...consultation,
    identifier: [{ system, value: `${task.split('|')[1]}-C${number}` }],
    basedOn: [{ reference: `ServiceRequest/${order.id}` }],
  };
  expectOk(await actors.fulfiller.do((ours) => ours.post('Encounter', encounter)), id);
}

/** Under the version that was read, so that an answer that was lost is found by reading again. */
async function name(actors: Actors, referral: string, id: string, performer: object): Promise<void> {
  await until(id, async () => {
    const order = await stepOf(actors, referral, id);
    if (!order) return undefined;
    if (JSON.stringify(order['performer'] ?? []).includes(JSON.stringify(performer).slice(1, 60)))
      return true;
    const { status } = await actors.fulfiller.do((ours) =>
      ours.put(
        `ServiceRequest/${order.id}`,
        { ...order, performer: [{ type: 'Practitioner', ...performer }] },
        `W/"${order.meta!.versionId}"`,
      ),
    );
    if (status === 409 || status === 412) return undefined;
    return status === 200 || refuse(`${id}: ${status}`);
  });
}

/** The placer has seen how it ended. */
async function close(story: FreshStory, { placer }: Actors): Promise<void> {
  await until('the closing', async () => {
    const [order] = await placer.all(`ServiceRequest?identifier=${tokenOf(story.order)}`);
    if (order?.['status'] === 'completed') return true;
    const { status } = await placer.do((ours) =>
      ours.put(`ServiceRequest/${order!.id}`, { ...order, status: 'completed' }),
    );
    if (status === 409 || status === 412) return undefined;
    return status === 200 || refuse(`the closing: ${status}`);
  });
}

function expectOk({ status, resource }: Reply, what: string): void {
  if (status >= 300) refuse(`${what}: ${status} ${JSON.stringify(resource).slice(0, 600)}`);
}

function refuse(what: string): never {
  throw new Error(`refused: ${what}`);
}

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const limit = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > limit) throw new Error(`waited in vain for ${what}`);
    await sleep(pauseMs);
  }
}
