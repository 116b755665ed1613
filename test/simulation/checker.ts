/** What went wrong in a history, judged from outside: what senders were told, what the hospitals hold, what the ledger says. */
import { parseKeyReference } from '../../src/fhir/references.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { WriteEntry } from '../../src/delivery/types.ts';
import type { Hospital, Version } from './hospital.ts';
import type { Outcome } from './history.ts';
import type { Item } from './store.ts';

export type Wrong =
  | 'lost'
  | 'doubled'
  | 'out of order'
  | 'stuck'
  | 'parked without cause'
  | 'somebody else overwritten'
  | 'ledger';

export type Fault = { wrong: Wrong; what: string };

/** Every fault of a history; none in a right one. */
export function check(outcome: Outcome): Fault[] {
  return [
    ...stuck(outcome),
    ...lost(outcome),
    ...outcome.hospitals.flatMap(doubled),
    ...outcome.hospitals.flatMap((hospital) => [...outOfOrder(hospital), ...overwritten(hospital)]),
    ...parked(outcome),
    ...ledger(outcome),
  ];
}

const fault = (wrong: Wrong, what: string): Fault => ({ wrong, what });

function stuck({ quiet, items }: Outcome): Fault[] {
  if (quiet) return [];
  const open = items.filter(({ state }) => state === 'queued' || state === 'sending');
  return [
    fault('stuck', open.map(({ id, state }) => `${id} ${state}`).join(', ') || 'a sender without answer'),
  ];
}

/** What was answered 2xx is delivered, to the letter, or set aside with a reason. */
function lost({ acknowledged, items, hospitals }: Outcome): Fault[] {
  const faults: Fault[] = [];
  for (const { key, item } of acknowledged) {
    const step = (item.detail as { step: number }).step;
    const stored = items.filter((one) => isOf(one, item.subject, step));
    if (stored.length === 0) faults.push(fault('lost', `${key} was answered and is in no outbox`));
    const aside = stored.filter(({ state }) => state === 'parked').flatMap(entriesOf);
    for (const entry of item.entries) {
      if (aside.some((one) => one.key === entry.key)) continue;
      const hospital = hospitals.find(({ id }) => id === item.serverId)!;
      if (!versionsOf(hospital, entry).some(({ resource }) => says(resource, entry.body)))
        faults.push(fault('lost', `${key} ${entry.key} never was at ${hospital.id}`));
    }
  }
  return faults;
}

/** Set aside, an item stands under a subject that begins with its own. */
function isOf(item: Item, subject: string, step: number): boolean {
  const detail = item.payload.detail as { step: number };
  return (item.subject === subject || item.subject.startsWith(`${subject} `)) && detail.step === step;
}

const entriesOf = (item: Item): WriteEntry[] => item.payload.entries as unknown as WriteEntry[];

function doubled(hospital: Hospital): Fault[] {
  const keys = [...hospital.resources.values()].map((versions) => keyOf(versions.at(-1)!.resource));
  const twice = keys.filter((key, index) => keys.indexOf(key) < index);
  return [...new Set(twice)].map((key) => fault('doubled', `${key} at ${hospital.id}`));
}

/** Steps of a Task never go back, whoever wrote them. */
function outOfOrder(hospital: Hospital): Fault[] {
  return [...hospital.resources].flatMap(([name, versions]) => {
    const steps = versions.map(({ resource }) => stepOf(resource)).filter((step) => step !== undefined);
    const back = steps.some((step, index) => index > 0 && step < steps[index - 1]!);
    return back ? [fault('out of order', `${name} at ${hospital.id}: ${steps.join(', ')}`)] : [];
  });
}

/** A version of somebody at the hospital is never followed by one of ours: it is told, and a person decides. */
function overwritten(hospital: Hospital): Fault[] {
  return [...hospital.resources].flatMap(([name, versions]) => {
    const over = versions.some(
      (one, index) => one.by !== 'hospital' && versions[index - 1]?.by === 'hospital',
    );
    return over ? [fault('somebody else overwritten', `${name} at ${hospital.id}`)] : [];
  });
}

/** Nothing is set aside but what somebody else changed: every fault healed long before any deadline. */
function parked({ items, hospitals }: Outcome): Fault[] {
  return items
    .filter(({ state }) => state === 'parked')
    .filter((item) => {
      const hospital = hospitals.find(({ id }) => id === item.serverId)!;
      const moved = entriesOf(item).filter((entry) =>
        versionsOf(hospital, entry).some(({ by }) => by === 'hospital'),
      );
      return moved.length === 0;
    })
    .map(({ id, reason }) => fault('parked without cause', `${id}: ${JSON.stringify(reason)}`));
}

/** Each entry of a delivered item: one effect, one receipt. */
function ledger({ items, effects, receipts }: Outcome): Fault[] {
  return items
    .filter(({ state }) => state === 'delivered')
    .flatMap((item) => {
      const keys = (list: readonly { key: string }[]): string =>
        list
          .map(({ key }) => key)
          .sort()
          .join();
      const wanted = keys(entriesOf(item));
      const had = effects.filter((effect) => effect.item === item.id);
      const done = keys(had.filter(({ key }) => entriesOf(item).some((entry) => entry.key === key)));
      const told = keys(receipts.filter(({ outboxId }) => outboxId === item.id));
      return [
        ...(done === wanted ? [] : [fault('ledger', `${item.id}: effects of ${done}, not of ${wanted}`)]),
        ...(told === wanted ? [] : [fault('ledger', `${item.id}: receipts of ${told}, not of ${wanted}`)]),
      ];
    });
}

function versionsOf(hospital: Hospital, entry: WriteEntry): Version[] {
  return [...hospital.resources.values()].flat().filter(({ resource }) => keyOf(resource) === entry.key);
}

function keyOf(resource: AnyResource): string {
  const [first] = resource['identifier'] as [{ system: string; value: string }];
  return `${first.system}|${first.value}`;
}

function stepOf(resource: AnyResource): number | undefined {
  const told = /^step (\d+)$/.exec(String(resource['description']));
  return told ? Number(told[1]) : undefined;
}

/** The elements that were sent, links aside: those are local ids there. */
function says(there: AnyResource, sent: AnyResource): boolean {
  return Object.entries(sent).every(([name, value]) => {
    const { reference } = (value ?? {}) as { reference?: string };
    if (reference !== undefined && parseKeyReference(reference)) return there[name] !== undefined;
    return JSON.stringify(there[name]) === JSON.stringify(value);
  });
}
