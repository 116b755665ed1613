/** The people and programs of the story: they ask again until they are answered, as the promise wants of senders. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller, Reply } from '../../../../src/demo/http.ts';
import type { Site } from '../../site.ts';
import type { Keeper } from '../keeper.ts';
import type { Place } from './story-line.ts';

export type Actors = {
  /** The placing and the fulfilling hospital's programs, at the gateway. */
  placer: Patient;
  fulfiller: Patient;
  /** The people of the fulfilling hospital, at their own server: nothing is between. */
  town: Caller;
  /** The same at either hospital. */
  staff: Readonly<Record<Place, Caller>>;
  /** Has the gateway look at the Tasks. */
  look(): Promise<void>;
  /** Asks for an operation once. Whether it came to something, even without an answer, is seen by looking. */
  attempt(name: string, args: object): Promise<void>;
  /** Asks the running gateway for an operation, until it answers. */
  operation<T>(name: string, args?: object): Promise<T>;
};

/** Repeats what was not answered; a refusal (4xx) is an answer. */
export type Patient = {
  do(what: (caller: Caller) => Promise<Reply>): Promise<Reply>;
  all(path: string): Promise<Awaited<ReturnType<Caller['all']>>>;
};

const pauseMs = 100;
const patienceMs = 120_000;

/** Everybody who acts at a site. */
export function actorsOf(site: Site, keeper: Keeper): Actors {
  const patient = (at: (address: string) => Caller): Patient => ({
    do: (what) =>
      patiently(async () => {
        const reply = await what(at(await keeper.address()));
        if (reply.status >= 500 || reply.status === 429) throw new Error(`answered ${reply.status}`);
        return reply;
      }),
    all: (path) => patiently(async () => at(await keeper.address()).all(path)),
  });
  const attempt: Actors['attempt'] = async (name, args) => {
    await site.ask(await keeper.address(), name, args).catch(() => undefined);
  };
  return {
    placer: patient((address) => site.placer(address)),
    fulfiller: patient((address) => site.fulfiller(address)),
    town: site.hospitals.ville,
    staff: site.hospitals,
    look: () => attempt('scheduleRun', { job: 'follow' }),
    attempt,
    operation: (name, args) => patiently(async () => site.ask(await keeper.address(), name, args)),
  };
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const limit = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > limit) throw error;
      await sleep(pauseMs);
    }
  }
}
