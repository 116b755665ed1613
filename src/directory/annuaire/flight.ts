/**
 * How many pages may be under way at once: asked for, or answered and not yet handed over. A kill makes each of them to be
 * asked for again (P-8), so that they are no more than the API's quota needs.
 */

export type Flight = {
  /** Waits until one more page may be under way; rejects with the signal's reason. */
  begin(signal: AbortSignal): Promise<void>;
  /** One is not under way any more: it was handed over, or its question failed and rests. */
  end(): void;
  /** An answer took so long. */
  answered(ms: number): void;
  /** Handing a page over took so long. */
  handed(ms: number): void;
};

/** Between two requests of a key, ms: the API allows 17 a second (french-standards §3.2). */
const gapMs = 1000 / 17;
/** Answers are not evenly fast. */
const margin = 1.2;
/** Weight of the last one in the mean. */
const weight = 0.2;

export function createFlight(most: number): Flight {
  let under = 0;
  let answerMs = 0;
  let handMs = 0;
  const waiting: (() => void)[] = [];
  const mean = (before: number, ms: number): number => (before ? before + (ms - before) * weight : ms);
  const allowed = (): number =>
    Math.min(most, Math.max(1, Math.ceil((margin * (answerMs + Math.min(handMs, gapMs))) / gapMs)));
  const wake = (): void => {
    for (let free = allowed() - under; free > 0 && waiting.length > 0; free -= 1) waiting.shift()!();
  };
  return {
    async begin(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (under < allowed()) break;
        await new Promise<void>((resolve) => {
          const go = (): void => {
            signal.removeEventListener('abort', go);
            resolve();
          };
          waiting.push(go);
          signal.addEventListener('abort', go);
        });
      }
      under += 1;
    },
    end() {
      under -= 1;
      wake();
    },
    answered(ms) {
      answerMs = mean(answerMs, ms);
      wake();
    },
    handed(ms) {
      handMs = mean(handMs, ms);
    },
  };
}
