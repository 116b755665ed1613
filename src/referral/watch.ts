/**
 * Looks at the clocks of every open referral, and of those closed while late or corrected since: what became late is told once,
 * and taken back when it came (P-48). So is whom it names and the directory has as closed since.
 */
import type { Clock as Now, Ids } from '../clock.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import type { Log } from '../log.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories, Store } from '../store/store.ts';
import type { CandidateParts } from './candidate.ts';
import { type Clock, clocksOf } from './clocks.ts';
import { namedPeople, tellClosedPeople, untoldPeople } from './closed-people.ts';
import type { ReferralContext } from './context.ts';
import { oneByOne, problemOf } from './one-by-one.ts';
import { ownerOf } from './owner.ts';
import type { ExchangeRules } from './rules.ts';
import { workItem, workItemOf } from './work-item.ts';

export type WatchParts = { store: Store; clock: Now; ids: Ids; rules: ExchangeRules; log: Log } & Pick<
  ReferralContext,
  'closedOf'
>;

export type WatchResult = {
  checked: number;
  /** Became late since the last look. */
  overdue: { referral: string; clock: string; dueAt: string }[];
  /** Whose clocks could not be told, in French; the log has the reason of what was not foreseen. */
  problems: { referral: string; message: string }[];
};

/** Events of the ledger; the index of migration 0008 knows them too. */
const overdueEvent = 'overdue';
const endedEvent = 'overdue-ended';

/**
 * One look at all open referrals of a tenant, one transaction for each that changes. One whose clocks cannot be told is
 * told with its reason, and stops nobody else's (P-30).
 */
export async function watchClocks(parts: WatchParts, tenant: string): Promise<WatchResult> {
  const { store, clock, log } = parts;
  const result: WatchResult = { checked: 0, overdue: [], problems: [] };
  for await (const page of store.referrals.watched(tenant)) {
    const ids = page.map(({ id }) => id);
    const ledgers = await store.referrals.ledgers(tenant, ids);
    const people = page.flatMap(({ id, state }) => namedPeople(state, ledgers.get(id) ?? []));
    const standing = await parts.closedOf([...new Set(people.flatMap(({ keys }) => keys))]);
    const look = async (referral: Referral): Promise<void> => {
      result.checked += 1;
      const events = ledgers.get(referral.id) ?? [];
      if (!referral.closedAt && untoldPeople(referral.state, events, standing).length > 0)
        await store.transaction(async (tx) => {
          const held = await tx.referrals.lock(tenant, referral.id);
          if (held && !held.closedAt) await tellClosedPeople(tx, parts, held, standing);
        });
      const clocks = clocksOf({ ...referral, events }, parts.rules.clocks, new Date(clock.now()));
      if (untold(clocks, events).length === 0) return;
      const told = await store.transaction((tx) => tell(tx, parts, tenant, referral.id));
      result.overdue.push(...told.map(({ id, dueAt }) => lineOf(referral.id, id, dueAt)));
    };
    await oneByOne(store, page, look, ({ id: referral }, error) => {
      const message = problemOf(log, 'referral.not-watched', { referral }, error);
      result.problems.push({ referral, message });
    });
  }
  return result;
}

/** Tells what became late, and what no longer is; hold the referral's lock. Answers the clocks newly late. */
async function tell(
  tx: Repositories,
  parts: CandidateParts,
  tenant: string,
  referralId: string,
): Promise<Clock[]> {
  const referral = await tx.referrals.lock(tenant, referralId);
  if (!referral) return [];
  const events = await tx.referrals.events(tenant, referralId);
  const now = new Date(parts.clock.now());
  const clocks = clocksOf({ ...referral, events }, parts.rules.clocks, now);
  const changed = untold(clocks, events);
  for (const clock of changed) {
    const ended = clock.stoppedAt !== undefined;
    const task = await overdueTask(tx, parts, referral, clock, now);
    const detail: Json = { clock: clock.id, title: clock.title, due: clock.dueAt.toISOString() };
    await tx.clinical.put(tenant, task, now);
    const event = { at: now, kind: ended ? endedEvent : overdueEvent, actor: 'gateway', detail };
    await tx.referrals.addEvent(tenant, referralId, event);
  }
  return changed.filter(({ stoppedAt }) => stoppedAt === undefined);
}

/** Late and not told yet, or told and stopped since. */
function untold(clocks: readonly Clock[], events: readonly ReferralEvent[]): Clock[] {
  const last = new Map<string, string>();
  for (const { kind, detail } of events) {
    if (kind === overdueEvent || kind === endedEvent) last.set((detail as { clock: string }).clock, kind);
  }
  return clocks.filter(({ id, late, stoppedAt }) =>
    stoppedAt ? last.get(id) === overdueEvent : late && last.get(id) !== overdueEvent,
  );
}

/** One Task a clock, the same when the clock ends; named by its key, so that telling twice makes no second. */
async function overdueTask(
  tx: Pick<Repositories, 'clinical'>,
  { ids, rules }: CandidateParts,
  referral: Referral,
  clock: Clock,
  now: Date,
): Promise<AnyResource & { id: string }> {
  const part = `overdue/${clock.id}`;
  const before = await workItemOf(tx, referral, part);
  const of = { purpose: 'overdueTask', part, id: before?.id ?? ids.uuid(), before, now } as const;
  return workItem(referral, rules, of, {
    status: clock.stoppedAt ? 'completed' : 'requested',
    description: `En retard : ${clock.title}.`,
    owner: before?.['owner'] ?? (await ownerOf(tx, referral, clock.owner)),
    restriction: { period: { start: clock.startedAt.toISOString(), end: clock.dueAt.toISOString() } },
  });
}

function lineOf(referral: string, clock: string, dueAt: Date): WatchResult['overdue'][number] {
  return { referral, clock, dueAt: dueAt.toISOString() };
}
