import { check, type Fault } from './checker.ts';
import type { Core } from './core.ts';
import { type HistoryOptions, type Outcome, playHistory } from './history.ts';

export type Judged = Pick<Outcome, 'options' | 'drawn' | 'calls' | 'crashed'> & { faults: Fault[] };

export async function judge(core: Core, options: HistoryOptions): Promise<Judged> {
  const outcome = await playHistory(core, options);
  const { drawn, calls, crashed } = outcome;
  return { options, drawn, calls, crashed, faults: check(outcome) };
}

/** One history of a kind: `judge`, or `playReading`. */
export type Play = (core: Core, options: HistoryOptions) => Promise<Judged>;

/** `count` seeds, kills and faults at random. */
export async function* playSeeds(
  core: Core,
  from: number,
  count: number,
  play: Play = judge,
): AsyncGenerator<Judged> {
  for (let seed = from; seed < from + count; seed += 1) yield await play(core, { seed });
}

/**
 * Calm histories with one kill each: at the first call, the second … until one ends without reaching its crash point, then
 * the next seed; before and after the effect of the call. Ends after `count` crash points.
 */
export async function* playCrashes(
  core: Core,
  from: number,
  count: number,
  play: Play = judge,
): AsyncGenerator<Judged> {
  let met = 0;
  for (let seed = from; met < count; seed += 1)
    for (let call = 1, reached = true; reached && met < count; call += 1)
      for (const when of ['before', 'after'] as const) {
        const judged = await play(core, { seed, calm: true, crash: { call, when } });
        reached = judged.crashed;
        if (!reached) break;
        met += 1;
        yield judged;
      }
}
