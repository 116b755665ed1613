/** Asking again until something is there, and what a story is when somebody says no. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../../../src/demo/http.ts';

const pauseMs = 100;
const patienceMs = 120_000;

/** Repeats a question until it has an answer; throws when it has none in two minutes. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const limit = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > limit) throw new Error(`waited in vain for ${what}`);
    await sleep(pauseMs);
  }
}

/** Throws when a step of the story was not taken as it must be. */
export function expectOk({ status, resource }: Reply, what: string): void {
  if (status >= 300) refuse(`${what}: ${status} ${JSON.stringify(resource).slice(0, 600)}`);
}

export function refuse(what: string): never {
  throw new Error(`refused: ${what}`);
}

/** What came of a write under a version: undefined when another was there meanwhile, so that it is read again. */
export function written(status: number, what: string): true | undefined {
  if (status === 409 || status === 412) return undefined;
  return status === 200 || refuse(`${what}: ${status}`);
}

/** A search token of a `system|value`. */
export function tokenOf(key: string): string {
  return encodeURIComponent(key);
}
