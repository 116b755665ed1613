/** A story with identifiers of its own, so that it can be played beside others at one pair of hospitals. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeDocument } from '../../../../src/document/compose.ts';
import { readDocumentRules } from '../../../../src/document/rules.ts';
import { insSystems } from '../../../../src/fhir/identifiers.ts';
import { networkSystem } from '../../../../src/fhir/names.ts';
import type { AnyResource, Identifier } from '../../../../src/fhir/types.ts';
import { syntheticIdentifiers } from '../../../synthetic.ts';
import { askedIn } from './ask-around.ts';
import type { Asked, StoryLine } from './story-line.ts';

export type FreshStory = {
  line: StoryLine;
  /** Number of whoever ends it, among those who are asked. */
  n: number;
  referral: AnyResource;
  /** The patient's identifier at the placer's. */
  patient: Identifier;
  /** The document as the bytes that travel. */
  document: Buffer;
  /** `system|value` of what it is found by. */
  order: string;
  task: string;
  letter: string;
  letterBytes: Buffer;
  documentKey: string;
};

const rules = readDocumentRules('mappings');
const text = (name: string): string => readFileSync(join('examples', name), 'utf8');
const ownTypes: ReadonlySet<string> = new Set(['Patient', 'ServiceRequest', 'Task', 'DocumentReference']);

/** The story of a line under a name that no other has. */
export function freshStory(line: StoryLine, name: string): FreshStory {
  const example = addressed(JSON.parse(text(line.referral)) as AnyResource, line.asked);
  const written = parse(text(line.document)) as { identifiant: { value: string } };
  const content = { ...written, ...line.change };
  const renew = renewing(entriesOf(example), content.identifiant.value, name);
  const referral = JSON.parse(renew(JSON.stringify(example))) as AnyResource;
  const { bytes, issues } = composeDocument(JSON.parse(renew(JSON.stringify(content))), rules);
  if (!bytes) throw new Error(issues.map(({ message }) => message).join('\n'));
  const [order, task, letter] = ['ServiceRequest', 'Task', 'DocumentReference'].map((type) =>
    entriesOf(referral).find(({ resourceType }) => resourceType === type),
  );
  const patient = entriesOf(referral).find(({ resourceType }) => resourceType === 'Patient');
  const binary = entriesOf(referral).find(({ resourceType }) => resourceType === 'Binary');
  return {
    ...{ line, n: askedIn(line).length, referral, document: bytes },
    patient: (patient!['identifier'] as Identifier[]).at(-1)!,
    ...{ order: keyOf(order!), task: keyOf(task!), letter: keyOf(letter!) },
    letterBytes: Buffer.from(binary!['data'] as string, 'base64'),
    documentKey: keyOf(JSON.parse(bytes.toString()) as AnyResource),
  };
}

/** The order to those whom it names of a list, or to nobody, consented to for whoever receives it. */
function addressed(bundle: AnyResource, asked: readonly Asked[] | undefined): AnyResource {
  if (!asked) return bundle;
  const performer = asked
    .filter(({ by }) => by === 'order')
    .map(({ offer }) => ({
      type: 'HealthcareService',
      identifier: { system: networkSystem, value: offer },
    }));
  for (const resource of entriesOf(bundle)) {
    if (resource.resourceType === 'Task') delete resource['owner'];
    if (resource.resourceType === 'Consent') delete (resource['provision'] as { actor?: unknown }).actor;
    if (resource.resourceType !== 'ServiceRequest') continue;
    delete resource['instantiatesCanonical'];
    delete resource['performer'];
    if (performer.length) resource['performer'] = performer;
  }
  return bundle;
}

/** Replaces every identifier of the example's own resources; the numbers of people and structures stay. */
function renewing(entries: readonly AnyResource[], document: string, name: string): (text: string) => string {
  const seed = createHash('sha256').update(name).digest().readUInt32BE();
  const ins = syntheticIdentifiers({ seed, volume: true }).insNir();
  const fresh = new Map([[document, `${document}-${name}`]]);
  for (const resource of entries.filter(({ resourceType }) => ownTypes.has(resourceType)))
    for (const { system, value } of resource['identifier'] as { system: string; value: string }[])
      fresh.set(value, insSystems.has(system) ? ins : `${value}-${name}`);
  const longestFirst = [...fresh.keys()].sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map((value) => value.replace(/[^\w-]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(any, (value) => fresh.get(value)!);
}

function entriesOf(bundle: AnyResource): AnyResource[] {
  return (bundle['entry'] as { resource: AnyResource }[]).map(({ resource }) => resource);
}

function keyOf(resource: AnyResource): string {
  const { system, value } = [resource['identifier'] as Identifier | Identifier[]].flat()[0]!;
  return `${system}|${value}`;
}
