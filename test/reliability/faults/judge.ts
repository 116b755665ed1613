/** What hospitals and the gateway show of a story once all is quiet, read over plain HTTP and judged. */
import type { Caller } from '../../../src/demo/http.ts';
import { fillerOrderSystem } from '../../../src/fhir/names.ts';
import type { AnyResource, Identifier } from '../../../src/fhir/types.ts';
import { fillerOrderKey, partKey, referralSystem } from '../../../src/referral/names.ts';
import type { FreshStory } from './fresh-story.ts';
import { tokenOf } from './play-story.ts';

/** What is not as it must be, by what is wrong with it. */
export type Faults = { lost: string[]; duplicated: string[]; disordered: string[]; wrong: string[] };

export type Hospitals = { psychiatrie: Caller; ville: Caller };

/** Exactly one of everything at each hospital, the bytes those that were sent, nothing ever set back. */
export async function judgeStory(story: FreshStory, referral: string, hospitals: Hospitals): Promise<Faults> {
  const faults: Faults = { lost: [], duplicated: [], disordered: [], wrong: [] };
  const { ville } = hospitals;
  const one = async (at: Caller, type: string, key: string): Promise<AnyResource | undefined> => {
    const found = await at.all(`${type}?identifier=${tokenOf(key)}`);
    if (found.length === 0) faults.lost.push(`${type} ${key}`);
    if (found.length > 1) faults.duplicated.push(`${found.length} × ${type} ${key}`);
    return found[0];
  };
  const order = await one(ville, 'ServiceRequest', fillerOrderKey(referral, 1));
  if (order && !JSON.stringify(order['basedOn']).includes(story.order.split('|')[1]!))
    faults.wrong.push('the order is not based on the placer’s');
  const task = await one(ville, 'Task', story.task);
  if (task && task['status'] !== 'completed') faults.lost.push(`the Task is ${String(task['status'])}`);
  if (task)
    await neverBack(ville, task, ['requested', 'received', 'accepted', 'in-progress', 'completed'], faults);
  await one(ville, 'Patient', partKey(referral, 'patient'));
  await sameBytes(ville, await one(ville, 'DocumentReference', story.letter), story.letterBytes, faults);
  const held = story.line.consultations.map(({ step }) => step);
  for (const id of [...held, ...Object.keys(story.line.named)]) {
    const step = await one(ville, 'ServiceRequest', partKey(referral, `activity/${id}`));
    if (step) await neverBack(ville, step, ['draft', 'active', 'completed'], faults);
  }
  const plan = await one(ville, 'CarePlan', partKey(referral, 'care-plan'));
  if (plan) await growsOnly(ville, plan, held, faults);
  for (const place of story.line.documentAt)
    await sameBytes(
      hospitals[place],
      await one(hospitals[place], 'DocumentReference', story.documentKey),
      story.document,
      faults,
    );
  return faults;
}

/** Of everything at a hospital, whatever story it is of: our identifiers that stand twice, Binaries that nothing points to. */
export async function judgeAll(hospital: Caller): Promise<{ duplicated: string[]; orphans: number }> {
  const duplicated: string[] = [];
  const pointedTo = new Set<string>();
  for (const type of ownTypes) {
    const seen = new Set<string>();
    for (const resource of await hospital.all(`${type}?_count=200`)) {
      for (const match of JSON.stringify(resource['content'] ?? []).matchAll(/Binary\/([\w.-]+)/g))
        pointedTo.add(match[1]!);
      for (const { system, value } of (resource['identifier'] ?? []) as Identifier[]) {
        if (system !== referralSystem && system !== fillerOrderSystem) continue;
        if (seen.has(`${system}|${value}`)) duplicated.push(`${type} ${value}`);
        seen.add(`${system}|${value}`);
      }
    }
  }
  const binaries = await hospital.all('Binary?_count=200');
  return { duplicated, orphans: binaries.filter(({ id }) => !pointedTo.has(id!)).length };
}

const ownTypes = [
  ...['Patient', 'ServiceRequest', 'Task', 'CarePlan', 'Consent', 'Condition', 'DocumentReference'],
];

/** All versions, oldest first: a status never returns to an earlier one. */
async function neverBack(
  at: Caller,
  { resourceType, id }: AnyResource,
  line: string[],
  faults: Faults,
): Promise<void> {
  const ranks = (await versionsOf(at, `${resourceType}/${id}`)).map(({ status }) =>
    line.indexOf(String(status)),
  );
  if (ranks.some((rank, index) => index > 0 && rank < ranks[index - 1]!))
    faults.disordered.push(`${resourceType}: ${ranks.map((rank) => line[rank]).join(' → ')}`);
}

/** A step that has an outcome in one version of the plan has it in all later ones, and in the end all that were held have. */
async function growsOnly(at: Caller, { id }: AnyResource, held: string[], faults: Faults): Promise<void> {
  const done = (await versionsOf(at, `CarePlan/${id}`)).map(({ activity }) =>
    (activity as { id: string; outcomeReference?: unknown }[]).flatMap((one) =>
      one.outcomeReference ? one.id : [],
    ),
  );
  if (done.some((steps, index) => index > 0 && done[index - 1]!.some((step) => !steps.includes(step))))
    faults.disordered.push(`CarePlan outcomes: ${done.map((steps) => steps.join(' ')).join(' → ')}`);
  const missing = held.filter((step) => !done.at(-1)?.includes(step));
  if (missing.length) faults.lost.push(`CarePlan: no outcome of ${missing.join(' ')}`);
}

async function versionsOf(at: Caller, path: string): Promise<AnyResource[]> {
  const versions = await at.all(`${path}/_history?_count=200`);
  return versions.sort((a, b) => Number(a.meta?.versionId) - Number(b.meta?.versionId));
}

async function sameBytes(
  at: Caller,
  document: AnyResource | undefined,
  sent: Buffer,
  faults: Faults,
): Promise<void> {
  if (!document) return;
  const [{ attachment }] = document['content'] as [{ attachment: { url: string } }];
  const path = /Binary\/[^/?]+/.exec(attachment.url)?.[0];
  const { resource } = await at.get(path ?? 'Binary/none');
  const bytes = Buffer.from((resource['data'] as string | undefined) ?? '', 'base64');
  if (!bytes.equals(sent))
    faults.wrong.push(`bytes of ${document.resourceType}/${document.id} (${bytes.length} of ${sent.length})`);
}
