/** Referrals that were never posted before, and what a fulfiller's server holds of each. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Caller } from '../../src/demo/http.ts';
import { insSystems } from '../../src/fhir/identifiers.ts';
import { fillerOrderSystem } from '../../src/fhir/names.ts';
import type { AnyResource, Identifier } from '../../src/fhir/types.ts';
import { syntheticIdentifiers } from '../synthetic.ts';

/** A referral to post, and the identifiers by which its parts are found again. */
export type FreshReferral = { bundle: AnyResource; order: string; task: string; letter: string; ins: string };

/** How many of each are at the fulfiller's server; a referral that was delivered once has one of each. */
export type Effects = { orders: number; tasks: number; letters: number; patients: number; contents: number };

export const onceEach: Effects = { orders: 1, tasks: 1, letters: 1, patients: 1, contents: 1 };

const text = readFileSync('examples/referrals/coreso.json', 'utf8');

/** Makes referrals of synthetic patients; two makers with different names never make the same one. */
export function referralMaker(name: string): () => FreshReferral {
  const seed = createHash('sha256').update(name).digest().readUInt32BE();
  const identifiers = syntheticIdentifiers({ seed, volume: true });
  let number = 0;
  return () => {
    number += 1;
    const ours = `${name}-${number}`;
    const ins = identifiers.insNir();
    const bundle = JSON.parse(
      text
        .replaceAll('"CORESO-2026-0001"', JSON.stringify(ours))
        .replaceAll('"LETTRE-2026-0001"', JSON.stringify(`LETTRE-${ours}`))
        .replaceAll('"174129910000157"', JSON.stringify(ins))
        .replaceAll('"800012345"', JSON.stringify(`8${ours}`)),
    ) as AnyResource;
    return {
      bundle,
      order: valueOf(bundle, 'ServiceRequest'),
      task: valueOf(bundle, 'Task'),
      letter: `LETTRE-${ours}`,
      ins,
    };
  };
}

function valueOf(bundle: AnyResource, type: string): string {
  const entries = bundle['entry'] as { resource: AnyResource }[];
  const found = entries.find(({ resource }) => resource.resourceType === type)!.resource;
  return (found['identifier'] as Identifier[])[0]!.value!;
}

/** Counts at the fulfiller's server, over plain HTTP. */
export async function effectsOf(fulfiller: Caller, referral: FreshReferral): Promise<Effects> {
  const [orders, tasks, letters, patients] = await Promise.all([
    ordersOf(fulfiller, referral),
    fulfiller.all(`Task?identifier=${referral.task}`),
    fulfiller.all(`DocumentReference?identifier=${referral.letter}`),
    fulfiller.all(
      `Patient?identifier=${[...insSystems]
        .map((system) => `${system}|${referral.ins}`)
        .map(encodeURIComponent)
        .join(',')}`,
    ),
  ]);
  const contents = await Promise.all(letters.map((letter) => hasContent(fulfiller, letter)));
  return {
    ...{ orders: orders.length, tasks: tasks.length, letters: letters.length, patients: patients.length },
    contents: contents.filter(Boolean).length,
  };
}

/** Orders of the gateway, by the placer's order that each is based on. */
export async function fillerOrders(fulfiller: Caller): Promise<Map<string, number>> {
  const all = await fulfiller.all('ServiceRequest?intent=filler-order&_count=200');
  const counts = new Map<string, number>();
  for (const order of all) {
    if (!(order['identifier'] as Identifier[]).some(({ system }) => system === fillerOrderSystem)) continue;
    const [basedOn] = order['basedOn'] as { identifier?: Identifier }[];
    const placer = basedOn?.identifier?.value ?? '';
    counts.set(placer, (counts.get(placer) ?? 0) + 1);
  }
  return counts;
}

async function ordersOf(fulfiller: Caller, { order }: FreshReferral): Promise<number[]> {
  return Array.from({ length: (await fillerOrders(fulfiller)).get(order) ?? 0 }, (_, i) => i);
}

async function hasContent(fulfiller: Caller, letter: AnyResource): Promise<boolean> {
  const [content] = letter['content'] as { attachment: { url: string } }[];
  const path = /Binary\/[^/?]+/.exec(content!.attachment.url)?.[0];
  return path !== undefined && (await fulfiller.bytes(path, 'application/fhir+json')).length > 0;
}
