/** What the fulfiller tells the gateway of a pathway: who was seen or met at a step, who is to do a later one. */
import { readFileSync } from 'node:fs';
import type { Reply } from '../../../../src/demo/http.ts';
import { systems } from '../../../../src/fhir/identifiers.ts';
import { keyOf } from '../../../../src/fhir/key.ts';
import type { AnyResource, Identifier } from '../../../../src/fhir/types.ts';
import { stepKey } from '../../../../src/referral/plan-items.ts';
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';
import type { Refusal, Seat, Sitting } from './story-line.ts';
import { expectOk, refuse, tokenOf, until, written } from './until.ts';

const consultation = JSON.parse(readFileSync('examples/consultations/coreso.json', 'utf8')) as AnyResource;

/** Those who are there at a step as its Encounter tells them. */
export function participantsOf({ seats }: Pick<Sitting, 'seats'>): object[] {
  return seats?.map(seated) ?? (consultation['participant'] as object[]);
}

/** Identifier of the Encounter of a step. */
export function encounterIdentifier({ task }: FreshStory, step: string): Identifier {
  const [{ system }] = consultation['identifier'] as [Identifier];
  return { system: system!, value: `${task.split('|')[1]}-${step}` };
}

/** The step is recorded as held. */
export async function hold(
  story: FreshStory,
  actors: Actors,
  referral: string,
  sitting: Sitting,
): Promise<void> {
  expectOk(await post(story, actors, referral, sitting), sitting.step);
}

/** The same must be refused for a reason: 422, in these words. */
export async function holdInVain(
  story: FreshStory,
  actors: Actors,
  referral: string,
  { because, ...sitting }: Refusal,
): Promise<void> {
  const { status, resource } = await post(story, actors, referral, sitting);
  const said = JSON.stringify(resource);
  if (status !== 422 || !said.includes(because))
    refuse(`${sitting.step} was to be refused (${because}): ${status} ${said.slice(0, 600)}`);
}

async function post(
  story: FreshStory,
  actors: Actors,
  referral: string,
  { step, seats }: Pick<Sitting, 'step' | 'seats'>,
): Promise<Reply> {
  const order = await until(step, () => stepOf(story, actors, referral, step));
  const { system, value } = story.patient;
  const encounter = {
    ...consultation,
    identifier: [encounterIdentifier(story, step)],
    subject: { identifier: { system, value } },
    basedOn: [{ reference: `ServiceRequest/${order.id}` }],
    participant: participantsOf({ ...(seats ? { seats } : {}) }),
  };
  return actors.fulfiller.do((ours) => ours.post('Encounter', encounter));
}

function seated({ rpps, type }: Seat): object {
  const identifier = { system: systems.rpps, value: rpps };
  return { individual: { type: 'Practitioner', identifier }, ...(type ? { type } : {}) };
}

/** Names who does a step, under the version that was read, so that an answer that was lost is found by reading again. */
export async function namePerformer(
  story: FreshStory,
  actors: Actors,
  referral: string,
  id: string,
  { rpps, display }: { rpps: string; display: string },
): Promise<void> {
  const identifier = { system: systems.rpps, value: rpps };
  await until(id, async () => {
    const order = await stepOf(story, actors, referral, id);
    if (!order) return undefined;
    const named = (order['performer'] ?? []) as { identifier?: Identifier }[];
    if (named.some((one) => keyOf(one.identifier) === keyOf(identifier))) return true;
    const performer = [{ type: 'Practitioner', identifier, display }];
    const { status } = await actors.fulfiller.do((ours) =>
      ours.put(`ServiceRequest/${order.id}`, { ...order, performer }, `W/"${order.meta!.versionId}"`),
    );
    return written(status, id);
  });
}

async function stepOf(
  { n }: FreshStory,
  { fulfiller }: Actors,
  referral: string,
  id: string,
): Promise<AnyResource | undefined> {
  const [order] = await fulfiller.all(`ServiceRequest?identifier=${tokenOf(stepKey(referral, id, n))}`);
  return order;
}
