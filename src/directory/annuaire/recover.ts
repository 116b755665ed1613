/**
 * Ways round a search that cannot be followed (P-5): ask again for the page that gave the dead link; begin it again with
 * other pages, where that costs less than splitting it; split it by simple conditions; else tell that it is short. A search
 * that would hardly come to its end is split before it meets a dead link (docs/decisions/0080).
 */
import { pageOf } from './page.ts';
import { ask } from './ask.ts';
import { type Ground, splitsOf } from './axes.ts';
import { isWorthFollowing } from './chances.ts';
import type { Run } from './follow.ts';
import { isOurs } from './origin.ts';
import { addressOf, type Condition, newSearch, type Search } from './search.ts';
import { newWork, type Work } from './work.ts';

export type Recovery =
  /** Begins again: nothing of it counts any more. */
  | { kind: 'restart'; number: number; search: Search }
  /** Its rows are shared out among others, which read them again. */
  | { kind: 'split'; number: number; children: Search[]; size: number }
  /** Goes on when all practitioners are known: its rows can be shared out by them alone. */
  | { kind: 'wait'; number: number }
  | { kind: 'end'; number: number; search: Search; short: string };

/** Pages that are read again without asking whether sharing the search out costs less, until sizes have been tried. */
const cheapPages = 4;
/** Pages from which a delta is long. */
const fanPages = 20;
const mostRestarts = 8;
/** Conditions that a search may have: kind of window, state, prefix, postcode or code, persons. */
const mostConditions = 5;
/** Pages from which a search that met a dead link is asked for in the largest ones at once: fewer links, fewer dead ones. */
const longChain = 20;
/** How much larger the pages of a shorter one become with each beginning: other boundaries first, then fewer links. */
const growth = [1, 0.9, 2.5, 2];
const smaller = 0.9;
/** The largest page asked for (P-7); one that fails is halved like any other. */
const largestPage = 1000;

export async function recover(work: Work, why: string, run: Run): Promise<Recovery[]> {
  const { search, number } = work;
  if (search.pages > 0) run.links.dead += 1;
  if (isSpent(search, run)) return [tooShort(work, why)];
  if (search.next && work.from && !work.askedAgain && (await anotherLink(work, run))) return [];
  // a link that a checkpoint kept may have died since: links do not live for ever
  const outlived = search.next !== undefined && !work.from && search.restarts === 0;
  const mayRestart = search.restarts < mostRestarts;
  const size = nextSize(work);
  const cheap = search.pages <= cheapPages && search.restarts < growth.length - 1;
  if (mayRestart && (cheap || outlived)) return [restart(work, size)];
  const worth = (parts: number): boolean =>
    mayRestart && isWorthFollowing(linksOf(search, size), parts, run.links);
  const children = await split(search, run, size, worth);
  if (children === 'worth following') return [restart(work, size)];
  if (!children && mayRestart) return [restart(work, size)];
  if (!children) return [awaitsPersons(search, run) ? { kind: 'wait', number } : tooShort(work, why)];
  run.asking.tally.splits += 1;
  return [{ kind: 'split', number, children, size }];
}

/** Rows a page of its next beginning, or of its parts. */
function nextSize({ search, size }: Work): number {
  const long = (search.total ?? search.rows) / size > longChain;
  if (long && size < largestPage) return largestPage;
  return Math.max(1, Math.min(largestPage, Math.floor(size * (growth[search.restarts + 1] ?? smaller))));
}

/** So many detours for a kind, by its size: an API that is wrong everywhere is not asked for ever. */
function isSpent({ kind, total = 0 }: Search, { detours, asking }: Run): boolean {
  const { most, taken } = detours.get(kind) ?? { most: 0, taken: 0 };
  const allowed = Math.max(most, 40 + (2 * total) / asking.settings.pageSize);
  detours.set(kind, { most: allowed, taken: taken + 1 });
  return taken >= allowed;
}

function tooShort({ number, search }: Work, why: string): Recovery {
  const total = search.total === undefined ? '' : ` sur ${search.total} annoncées`;
  const short = `${search.kind} : ${why}, ${search.rows} lues${total} dans cette recherche`;
  return { kind: 'end', number, search, short };
}

/**
 * A long delta is read day by day from its first page on, several days at once: one search alone goes no faster than its links
 * come. Days leave nothing out and nothing twice, unlike the other splits.
 */
export async function fanOut({ number, search }: Work, run: Run): Promise<Recovery[]> {
  const [only, ...others] = search.conditions;
  const long = (search.total ?? 0) > fanPages * run.asking.settings.pageSize;
  if (only?.axis !== 'since' || others.length || search.late === true || search.pages !== 1 || !long)
    return [];
  const [days = []] = splitsOf(search, groundOf(run));
  if (days[0]?.axis !== 'day') return [];
  const children = days.map((day) => newSearch(search.kind, narrowed(search, day), search.late));
  if (!(await isSupported(children[0]!, days[0], run))) return [];
  run.asking.tally.splits += 1;
  return [{ kind: 'split', number, children, size: run.asking.settings.pageSize }];
}

/**
 * Once links have died, a search of many more is split before it meets the next: what it read until then would be read
 * again. Larger pages may be enough.
 */
export async function splitAhead(work: Work, run: Run): Promise<Recovery[]> {
  const { search, number } = work;
  const left = linksOf(search, work.size) - search.pages + 1;
  if (run.links.dead === 0 || search.total === undefined || left <= longChain) return [];
  // pages that had to be made smaller stay so
  const size = work.size < run.asking.settings.pageSize ? work.size : largestPage;
  const children = await split(search, run, size, (parts) => isWorthFollowing(left, parts, run.links));
  if (!children || children === 'worth following') return [];
  const links = linksOf(search, size);
  const mayRestart = size > work.size && search.restarts < mostRestarts;
  if (mayRestart && isWorthFollowing(links, children.length + links, run.links)) return [restart(work, size)];
  run.asking.tally.splits += 1;
  return [{ kind: 'split', number, children, size }];
}

/** The page before, asked again, may link to what works. */
async function anotherLink(work: Work, run: Run): Promise<boolean> {
  work.askedAgain = true;
  const outcome = await ask(work.from!, run.asking);
  run.asking.tally.retries += 1;
  if (outcome.state !== 'bundle') return false;
  const { next } = pageOf(work.search.kind, outcome.bundle);
  if (!next || next === work.from || !isOurs(next, run.asking.settings)) return false;
  work.search = { ...work.search, next };
  return true;
}

function restart(work: Work, size: number): Recovery {
  const { kind, conditions, restarts, late } = work.search;
  const search = { ...newSearch(kind, conditions, late), restarts: restarts + 1 };
  Object.assign(work, newWork(work.number, search, size));
  delete work.from;
  return { kind: 'restart', number: work.number, search };
}

/** Links from its first page to its last. */
function linksOf({ total, rows }: Search, size: number): number {
  return Math.ceil((total ?? rows) / size) - 1;
}

/**
 * The first way of splitting that the API does not refuse, unless following is better than its parts are; undefined when
 * none is left.
 */
async function split(
  search: Search,
  run: Run,
  size: number,
  isBetter: (parts: number) => boolean,
): Promise<Search[] | 'worth following' | undefined> {
  if (search.conditions.length >= mostConditions) return undefined;
  for (const conditions of splitsOf(search, groundOf(run))) {
    if (isBetter(conditions.length + linksOf(search, size))) return 'worth following';
    const children = conditions.map((one) => newSearch(search.kind, narrowed(search, one), search.late));
    if (await isSupported(children[0]!, conditions[0]!, run)) return children;
  }
  return undefined;
}

/** Persons share roles out only when all of them are known: roles of those still to be read would be found by none. */
function groundOf({ memory, began, asking, isRead }: Run): Ground {
  return {
    ...memory,
    persons: () => (isRead('Practitioner') ? memory.persons() : undefined),
    now: began ?? asking.settings.clock.now(),
  };
}

function awaitsPersons({ kind, conditions }: Search, { memory, isRead }: Run): boolean {
  const used = conditions.length >= mostConditions || conditions.some(({ axis }) => axis === 'persons');
  return kind === 'PractitionerRole' && !used && !isRead('Practitioner') && memory.persons() !== undefined;
}

function narrowed({ conditions }: Search, by: Condition): Condition[] {
  return [...conditions.filter(({ axis }) => axis !== by.axis || axis === 'code'), by];
}

async function isSupported(child: Search, { axis }: Condition, { refused, asking }: Run): Promise<boolean> {
  const times = child.conditions.filter((one) => one.axis === axis).length; // two codes at once are another question
  const name = `${child.kind} ${axis} ${times}`;
  if (refused.has(name)) return false;
  if (refused.has(`${name} ok`)) return true;
  const outcome = await ask(addressOf(child, 1, asking.settings), asking);
  refused.add(outcome.state === 'refused' ? name : `${name} ok`);
  return outcome.state !== 'refused';
}
