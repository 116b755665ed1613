import type { DirectorySource } from '../../../src/directory/types.ts';
import type { BusyClock } from '../busy-clock.ts';

/** The same source; time runs while somebody waits for it. */
export function ticking(source: DirectorySource, clock: BusyClock): DirectorySource {
  return {
    ...source,
    async *read(ask) {
      const reading = source.read(ask);
      try {
        for (;;) {
          const step = await clock.until(reading.next());
          if (step.done) return step.value;
          yield step.value;
        }
      } finally {
        await reading.return(undefined as never);
      }
    },
  };
}
