/**
 * Who a referral hands the patient to, or the patient declared as médecin traitant, is closed in the held directory: a
 * person is to settle it with the patient, nothing is named instead of them (identity.md, french-standards §8.3).
 */
import { type BusinessKey, splitKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { CandidateParts } from './candidate.ts';
import { isEnded, type TaskState } from './machine.ts';
import { ownerOf } from './owner.ts';
import { planStarted } from './plan-started.ts';
import type { Step } from './plan-steps.ts';
import { workItem, workItemOf } from './work-item.ts';

/** Event of the ledger: somebody was named for a step of the pathway. */
export const namedEvent = 'performer-named';
/** Events of the ledger: whom it names turned out to be closed; that was settled, or no longer matters. */
const closedEvent = 'person-closed';
const settledEvent = 'person-closed-settled';

/** Whether each of these is closed in the directory; who was not asked for is not in it. */
export type Standing = ReadonlyMap<BusinessKey, boolean>;

/** `part`: of the referral's keys, for the work item. */
type Named = { part: string; title?: string; keys: BusinessKey[] };

type Detail = {
  step?: string;
  steps?: Step[];
  performers?: BusinessKey[];
  declared?: BusinessKey[];
  part?: string;
};

const partOfDeclared = 'closed/declared';
const partOf = (step: string): string => `closed/step/${step}`;

/** Whom the referral still depends on, by its ledger: nobody once it has ended. Pure. */
export function namedPeople(state: string, events: readonly ReferralEvent[]): Named[] {
  if (isEnded(state as TaskState)) return [];
  const named = new Map<string, Named>();
  let steps: readonly Step[] = [];
  for (const { kind, detail } of events) {
    const { step = '', performers = [], declared = [], ...more } = (detail ?? {}) as Detail;
    switch (kind) {
      case 'accepted':
        if (declared.length) named.set(partOfDeclared, { part: partOfDeclared, keys: declared });
        break;
      case planStarted:
        steps = more.steps ?? [];
        break;
      case namedEvent: {
        const title = steps.find(({ id }) => id === step)?.title ?? step;
        named.set(partOf(step), { part: partOf(step), title, keys: performers });
        break;
      }
      case 'consultation': // held: who performed it is no longer to come
        named.delete(partOf(step));
        break;
      case 'transferred':
      case 'sent-back':
        for (const part of named.keys()) if (part !== partOfDeclared) named.delete(part);
    }
  }
  return [...named.values()];
}

/** What is to be told, or to be taken back, of a referral as these events have it. Pure. */
export function untoldPeople(
  state: string,
  events: readonly ReferralEvent[],
  standing: Standing,
): { part: string; named?: Named; closed: BusinessKey[] }[] {
  const people = namedPeople(state, events);
  const told = new Map<string, string>();
  for (const { kind, detail } of events)
    if (kind === closedEvent || kind === settledEvent)
      told.set((detail as Detail).part!, JSON.stringify((detail as Detail).performers ?? []));
  const parts = new Set([...told.keys(), ...people.map(({ part }) => part)]);
  return [...parts].flatMap((part) => {
    const named = people.find((one) => one.part === part);
    if (named?.keys.some((key) => !standing.has(key))) return []; // named since the directory was asked
    const closed = (named?.keys ?? []).filter((key) => standing.get(key));
    if ((told.get(part) ?? '[]') === JSON.stringify(closed)) return [];
    return [{ part, closed, ...(named ? { named } : {}) }];
  });
}

/** Opens a work item for each who is closed, and ends those that no longer stand. Hold the referral's lock. */
export async function tellClosedPeople(
  tx: Repositories,
  { ids, clock, rules }: CandidateParts,
  referral: Referral,
  standing: Standing,
): Promise<void> {
  const { tenant, id, state } = referral;
  const events = await tx.referrals.events(tenant, id);
  const now = new Date(clock.now());
  for (const { part, named, closed } of untoldPeople(state, events, standing)) {
    const before = await workItemOf(tx, referral, part);
    const of = { purpose: 'closedTask', part, id: before?.id ?? ids.uuid(), before, now } as const;
    const owner = part === partOfDeclared ? 'placer' : 'fulfiller';
    const task = workItem(referral, rules, of, {
      status: closed.length ? 'requested' : named ? 'completed' : 'cancelled',
      description: closed.length ? said(named!, closed) : before?.['description'],
      owner: before?.['owner'] ?? (await ownerOf(tx, referral, owner)),
    });
    await tx.clinical.put(tenant, task, now);
    const detail: { [name: string]: Json } = { part, performers: closed };
    const kind = closed.length ? closedEvent : settledEvent;
    await tx.referrals.addEvent(tenant, id, { at: now, kind, actor: 'gateway', detail });
  }
}

/** Nobody looks at the people of a referral that is closed: what still stands ends with it. Hold the referral's lock. */
export async function endClosedPeople(tx: Repositories, referral: Referral, now: Date): Promise<void> {
  const { tenant, id } = referral;
  const lastModified = now.toISOString();
  for (const { part } of untoldPeople('completed', await tx.referrals.events(tenant, id), new Map())) {
    const work = await workItemOf(tx, referral, part);
    if (work) await tx.clinical.put(tenant, { ...work, status: 'cancelled', lastModified }, now);
    const event = { at: now, kind: settledEvent, actor: 'gateway', detail: { part, performers: [] } };
    await tx.referrals.addEvent(tenant, id, event);
  }
}

function said({ part, title }: Named, closed: readonly BusinessKey[]): string {
  const who = closed.map((key) => splitKey(key).value).join(', ');
  return part === partOfDeclared
    ? `Le médecin traitant déclaré (${who}) n’exerce plus selon l’annuaire : demandez au patient qui il choisit.`
    : `L’intervenant désigné (${who}) pour « ${title} » n’exerce plus selon l’annuaire : désignez quelqu’un d’autre avec le patient.`;
}
