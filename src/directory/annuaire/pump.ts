/** Follows several searches at once, a bounded way ahead of what is handed over, and hands over page by page. */
import { taken } from '../api/tally.ts';
import type { SourcePage } from '../types.ts';
import { type Event, follow, type ReadyPage, type Run } from './follow.ts';
import { add, checkpointOf, type Progress } from './progress.ts';
import type { Search } from './search.ts';
import { newWork, type Work } from './work.ts';

type Numbered =
  Exclude<Event, { kind: 'split' }> | { kind: 'split'; number: number; children: [number, Search][] };

/** Ends when no search is left open in `progress`. Rejects with the first failure once what was read before is handed over. */
export async function* pump(progress: Progress, run: Run): AsyncGenerator<SourcePage, void> {
  const { settings, signal, tally, flight } = run.asking;
  let last = Math.max(-1, ...progress.open.keys());
  const waiting: Work[] = [...progress.open]
    .map(([number, search]) => newWork(number, search, settings.pageSize))
    .reverse();
  /** Until all practitioners are known. */
  const parked: Work[] = [];
  const done: Numbered[][] = [];
  let running = 0;
  let failure: { reason: unknown } | undefined;
  let wake = (): void => undefined;

  for (;;) {
    if (run.isRead('Practitioner')) waiting.push(...parked.splice(0));
    while (!failure && waiting.length && running + done.length < settings.streams) {
      running += 1;
      void step(waiting.pop()!);
    }
    const events = done.shift();
    if (events) {
      // what followed from a page is committed with it: a checkpoint never asks for the same page again
      for (const event of events) apply(event, progress);
      for (const event of events) {
        if (event.kind !== 'page') continue;
        const given = settings.clock.now();
        yield pageOf(event.page);
        flight.handed(settings.clock.now() - given);
        flight.end();
      }
    } else if (running > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => (wake = resolve));
    } else break;
    signal.throwIfAborted();
  }
  if (failure) throw failure.reason;

  async function step(work: Work): Promise<void> {
    try {
      await flight.begin(signal);
      if (failure) return flight.end(); // whoever waited for this turn has nothing to ask any more
      const events = (await follow(work, run)).map((event) => numbered(event));
      done.push(events);
      const over = events.some(({ kind }) => kind === 'end' || kind === 'split');
      if (!over) (events.some(({ kind }) => kind === 'wait') ? parked : waiting).push(work);
      // what brought a page is under way until that is handed over
      if (!events.some(({ kind }) => kind === 'page')) flight.end();
    } catch (reason) {
      failure ??= { reason };
      flight.end(); // who waits for a turn is to learn that it is over
    } finally {
      running -= 1;
      wake();
    }
  }

  function numbered(event: Event): Numbered {
    if (event.kind !== 'split') return event;
    const children = event.children.map((search): [number, Search] => [(last += 1), search]);
    waiting.push(...children.map(([number, search]) => newWork(number, search, event.size)).reverse());
    return { ...event, children };
  }

  function pageOf(page: ReadyPage): SourcePage {
    if (run.began !== undefined) progress.began = Math.min(progress.began ?? Infinity, run.began);
    return { ...page, removed: [], checkpoint: checkpointOf(progress), tally: taken(tally) };
  }
}

function apply(event: Numbered, { open, counted, short }: Progress): void {
  switch (event.kind) {
    case 'wait':
      break;
    case 'page':
    case 'restart':
      open.set(event.number, event.search);
      break;
    case 'split':
      open.delete(event.number);
      for (const [number, search] of event.children) open.set(number, search);
      break;
    case 'end':
      open.delete(event.number);
      // rows that come again count by their ids alone: after a restart they would prove anything
      if (!event.search.late) add(counted, event.search.kind, event.search.own);
      if (event.short !== undefined) short.set(event.search.kind, event.short);
  }
}
