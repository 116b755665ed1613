/** What senders ask for: referrals whose parts are written and moved on step by step, and a network that is published. */
import type { NewItem, WriteEntry } from '../../src/delivery/types.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Random } from '../reliability/random.ts';

export const tenant = 'sim';
export const effectKind = 'sim';
const system = 'https://sim.example/key';

/** One thing that a sender wants accepted; `key` is the same however often it is asked. */
export type Request = { key: string; item: NewItem };

/** Requests of one sender, asked one after the other, each once the one before has its answer. */
export type Sender = { name: string; requests: Request[] };

function resource(type: string, value: string, more: object): WriteEntry {
  const body = { resourceType: type, identifier: [{ system, value }], ...more } as AnyResource;
  return { type, key: `${system}|${value}`, body };
}

/** `step` tells the versions of one Task apart, so that a set-back is seen. */
function task(subject: string, step: number): WriteEntry {
  return resource('Task', `${subject}/task`, {
    ...{ status: step === 0 ? 'requested' : 'in-progress', intent: 'order', priority: 'routine' },
    description: `step ${step}`,
    focus: { reference: `ServiceRequest?identifier=${system}|${subject}/order` },
  });
}

function request(subject: string, step: number, entries: WriteEntry[], serverId: string): Request {
  return {
    key: `${subject}#${step}`,
    item: {
      ...{ tenant, lane: 'clinical', serverId, subject, kind: effectKind, referralId: subject, entries },
      detail: { step },
    },
  };
}

/** A referral of one to four steps; every step moves the Task and may add a resource. */
function referral(name: string, random: Random, serverId: string): Sender {
  const steps = 1 + random.below(4);
  const requests = Array.from({ length: steps }, (_, step) => {
    const entries = [task(name, step)];
    if (step === 0)
      entries.push(resource('ServiceRequest', `${name}/order`, { status: 'active', intent: 'order' }));
    if (step > 0 && random.chance(0.5))
      entries.push(
        resource('DocumentReference', `${name}/document-${step}`, { status: 'current', content: [] }),
      );
    return request(name, step, entries, serverId);
  });
  return { name, requests };
}

/** Published resources that the hospital's people may change too. */
function publication(name: string, random: Random, serverId: string): Sender {
  const parts = 1 + random.below(3);
  const requests = Array.from({ length: 1 + random.below(3) }, (_, step): Request => {
    const entries = Array.from({ length: parts }, (_unused, part) =>
      resource('Organization', `${name}/${part}`, { active: true, name: `version ${step}` }),
    );
    const item: NewItem = {
      ...{ tenant, lane: 'publication', serverId, subject: `publication ${name}`, kind: effectKind, entries },
      detail: { step },
    };
    return { key: `${name}#${step}`, item };
  });
  return { name, requests };
}

/** What one history is made of, drawn from the seed. */
export function drawSenders(random: Random, serverIds: readonly string[]): Sender[] {
  const referrals = Array.from({ length: 2 + random.below(3) }, (_, n) =>
    referral(`r${n}`, random, random.pick(serverIds)),
  );
  const published = serverIds.map((serverId, n) => publication(`p${n}`, random, serverId));
  return [...referrals, ...published];
}
