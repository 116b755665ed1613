/** Plays a story to its end through everything that goes wrong meanwhile. Throws when a step is refused or never comes. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../../src/demo/http.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import { splitKey } from '../../../src/fhir/key.ts';
import type { AnyResource, Identifier } from '../../../src/fhir/types.ts';
import type { ReferralDetail, ReferralSummary } from '../../../src/referral-operations.ts';
import { partKey } from '../../../src/referral/names.ts';
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';
import type { Seat } from './story-table.ts';

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
  await until('the plan', async () => {
    await actors.look();
    const { timeline } = await actors.operation<ReferralDetail>('referralShow', { id: referral });
    return timeline.some(({ kind }) => kind === 'plan-started') || undefined;
  });
  if (line.adds) await add(story, actors, line.adds);
  reached('planned');
  for (const { step, seats } of line.consultations) await consult(story, actors, referral, step, seats);
  for (const [id, { rpps, display }] of Object.entries(line.named))
    await name(actors, referral, id, { identifier: { system: systems.rpps, value: rpps }, display });
  reached('consulted');
  expectOk(await actors.fulfiller.do((ours) => ours.post('Bundle', story.document)), 'the document');
  const valueReference = line.documentAt.includes('ville')
    ? await documentInTown(story, actors)
    : { identifier: splitKey(story.documentKey) };
  reached('documented');
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

/** What the town's people point to once it is at their server. */
async function documentInTown({ documentKey }: FreshStory, { town }: Actors): Promise<object> {
  return until('the document in town', async () => {
    const [found] = await town.all(`DocumentReference?identifier=${tokenOf(documentKey)}`);
    return found && { reference: `DocumentReference/${found.id}` };
  });
}

/** The placer adds what the pathway asks for, once, under the version that it read. */
async function add({ task }: FreshStory, { placer }: Actors, input: object): Promise<void> {
  await until('what was missing', async () => {
    const [own] = await placer.all(`Task?identifier=${tokenOf(task)}`);
    if (own?.['input']) return true;
    const { status } = await placer.do((ours) =>
      ours.put(`Task/${own!.id}`, { ...own, input: [input] }, `W/"${own!.meta!.versionId}"`),
    );
    if (status === 409 || status === 412) return undefined;
    return status === 200 || refuse(`what was missing: ${status}`);
  });
}

const consultation = JSON.parse(readFileSync('examples/consultations/coreso.json', 'utf8')) as AnyResource;

async function consult(
  { task, patient }: FreshStory,
  actors: Actors,
  referral: string,
  id: string,
  seats: Seat[] | undefined,
): Promise<void> {
  const order = await until(id, () => stepOf(actors, referral, id));
  const [{ system }] = consultation['identifier'] as [Identifier];
  const encounter = {
    ...consultation,
    identifier: [{ system, value: `${task.split('|')[1]}-${id}` }],
    subject: { identifier: { system: patient.system, value: patient.value } },
    basedOn: [{ reference: `ServiceRequest/${order.id}` }],
    ...(seats ? { participant: seats.map(seated) } : {}),
  };
  expectOk(await actors.fulfiller.do((ours) => ours.post('Encounter', encounter)), id);
}

function seated({ rpps, type }: Seat): object {
  const identifier = { system: systems.rpps, value: rpps };
  return { individual: { type: 'Practitioner', identifier }, ...(type ? { type } : {}) };
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
