/** What the fulfiller's server is given: the gateway's own filler order and Task, the letter and the consent (REF-07). */
import type { WriteEntry } from '../delivery/types.ts';
import { keyOf, splitKey, type BusinessKey } from '../fhir/key.ts';
import { referenceTo } from '../fhir/references.ts';
import type { AnyResource, Identifier, Patient, Reference } from '../fhir/types.ts';
import { writtenMeta } from './meta.ts';
import { notAhead } from './not-ahead.ts';
import { candidatePart, fillerOrderKey, partKey } from './names.ts';
import { type Part, type Parts, thePart, valuesOf } from './parts.ts';
import { patientEntries } from './patient-entries.ts';
import { logical } from './references.ts';
import type { ExchangeRules } from './rules.ts';

export type RelayInput = {
  referralId: string;
  parts: Parts;
  /** Id under which the bytes of each Binary are stored, by fullUrl. */
  documentIds: ReadonlyMap<string, string>;
  rules: ExchangeRules;
  now: Date;
};

/** Entries of the relay, the patient's first, as the first candidate is given them. */
export function relayEntries(input: RelayInput): WriteEntry[] {
  const { parts, referralId, rules, now } = input;
  const keys = relayedKeys(parts, referralId);
  const patient = thePart(parts, 'Patient').resource as unknown as Patient;
  const others = parts.all
    .filter(({ resource, fullUrl }) => keys.has(fullUrl) && resource.resourceType !== 'Patient')
    .map((part) => entryOf(part, keys, input));
  return [...patientEntries(referralId, patient, rules, now), ...others].map(writtenOnce);
}

/** The fulfiller works on what was relayed and we never write it again; bytes stay as they were sent. */
function writtenOnce(entry: WriteEntry): WriteEntry {
  return entry.type === 'Binary' ? entry : { ...entry, once: true };
}

/** Element names that a relayed resource never keeps: they are the sender's server's, or narrative of it. */
const senderOwned = new Set(['id', 'meta', 'text', 'implicitRules', 'encounter', 'basedOn', 'partOf']);

function entryOf(part: Part, keys: ReadonlyMap<string, BusinessKey>, input: RelayInput): WriteEntry {
  const resource = notAhead(part.resource, input.now);
  const { fullUrl } = part;
  const type = resource.resourceType;
  const key = keys.get(fullUrl)!;
  if (type === 'Binary') {
    const body = { resourceType: 'Binary', contentType: resource['contentType'] };
    return { type, key, body, documentId: input.documentIds.get(fullUrl)! };
  }
  const kept = Object.entries(resource).filter(([name]) => !senderOwned.has(name));
  const content = relayed(Object.fromEntries(kept), keys, input.parts) as AnyResource;
  const identifiers = valuesOf(content, 'identifier') as Identifier[];
  const body = {
    ...content,
    ...stamp(type, input.rules),
    identifier: [splitKey(key), ...identifiers.filter((one) => keyOf(one) !== key)],
  };
  if (type !== 'ServiceRequest' && type !== 'Task') return { type, key, body };
  const filler: Identifier = {
    type: { coding: [input.rules.referral.identifierTypes.filler] },
    ...splitKey(key),
  };
  body.identifier.splice(0, 1, filler);
  return { type, key, body: type === 'Task' ? body : fillerOrder(body, filler, identifiers) };
}

/** The placer's identifiers stay the placer's: the filler order names its origin by `basedOn`, logically. */
function fillerOrder(body: AnyResource, filler: Identifier, placer: Identifier[]): AnyResource {
  const basedOn = placer.slice(0, 1).map((identifier) => ({ type: 'ServiceRequest', identifier }));
  return { ...body, identifier: [filler], intent: 'filler-order', basedOn };
}

export type Addressee = {
  referralId: string;
  /** Number of the candidate. */
  n: number;
  performer: Reference;
  /** Canonical of the protocol; null: as the placer's order has it. */
  protocol: string | null;
  /** Whom the Task is given to; absent: as the placer's Task has it, if it says. */
  owner?: Reference;
};

/** The entries for one candidate: an order and a Task of its own, everything else as every other one is given it. */
export function entriesFor(content: readonly WriteEntry[], addressee: Addressee): WriteEntry[] {
  const { referralId, n, performer, protocol, owner } = addressee;
  const order = fillerOrderKey(referralId, n);
  const task = partKey(referralId, candidatePart('task', n));
  return content.map((entry) => {
    if (entry.key === fillerOrderKey(referralId, 1)) {
      const named = { performer: [performer], ...(protocol ? { instantiatesCanonical: [protocol] } : {}) };
      return { ...entry, key: order, body: { ...renamed(entry.body, order), ...named } };
    }
    if (entry.key !== partKey(referralId, 'task')) return entry;
    const focus = { reference: referenceTo('ServiceRequest', order) };
    const body = { ...renamed(entry.body, task), focus, owner: owner ?? entry.body['owner'] ?? performer };
    return { ...entry, key: task, body };
  });
}

function renamed(body: AnyResource, key: BusinessKey): AnyResource {
  const [own, ...others] = valuesOf(body, 'identifier') as Identifier[];
  return { ...body, identifier: [{ ...own, ...splitKey(key) }, ...others] };
}

function stamp(type: string, { referral: { profiles } }: ExchangeRules): Pick<AnyResource, 'meta'> {
  const profile = {
    ServiceRequest: profiles.fillerOrder,
    Task: profiles.task,
    DocumentReference: profiles.letter,
    Consent: profiles.consent,
  }[type];
  return profile === undefined ? {} : { meta: writtenMeta(profile) };
}

/** People and organisations are not sent: the receiving server has its own, so references to them are logical. */
function relayedKeys(parts: Parts, referralId: string): Map<string, BusinessKey> {
  const single: Record<string, BusinessKey> = {
    Patient: partKey(referralId, 'patient'),
    ServiceRequest: fillerOrderKey(referralId, 1),
    Task: partKey(referralId, 'task'),
  };
  const several: Record<string, string> = {
    DocumentReference: 'letter',
    Binary: 'content',
    Consent: 'consent',
    Condition: 'condition',
  };
  const counts = new Map<string, number>();
  const keys = new Map<string, BusinessKey>();
  for (const { fullUrl, resource } of parts.all) {
    const type = resource.resourceType;
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    const key = single[type] ?? (several[type] && partKey(referralId, `${several[type]}/${count}`));
    if (key) keys.set(fullUrl, key);
  }
  return keys;
}

function relayed(value: unknown, keys: ReadonlyMap<string, BusinessKey>, parts: Parts): unknown {
  const byKey = (url: string): string | undefined => {
    const key = keys.get(url);
    return key && referenceTo(parts.byUrl.get(url)!.resource.resourceType, key);
  };
  const visit = (child: unknown): unknown => {
    if (typeof child === 'string') return byKey(child) ?? child;
    if (Array.isArray(child)) return child.map(visit);
    if (typeof child !== 'object' || child === null) return child;
    const { reference, display } = child as Reference;
    if (typeof reference !== 'string')
      return Object.fromEntries(Object.entries(child).map(([name, inner]) => [name, visit(inner)]));
    const own = byKey(reference);
    return own ? { reference: own } : (logical(child, parts) ?? (display ? { display } : {}));
  };
  return visit(value);
}
