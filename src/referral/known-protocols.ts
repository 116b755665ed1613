/** What networks publish, read once and kept until they publish anew: every referral asks for the same few protocols and offers. */
import type { Repositories } from '../store/store.ts';

type Protocols = Repositories['protocols'];

/** Answers to keep of one tenant: more than there are protocols and offers, fewer than names that can be invented. */
const most = 1000;

/**
 * Gives the protocols of a tenant as of a revision of what its networks want (`intake.find` tells it). A revision is read
 * before anything is asked under it, so an answer is never older than its revision.
 */
export function knownProtocols(protocols: Protocols): (tenant: string, revision: number) => Protocols {
  const byTenant = new Map<string, { revision: number; known: Protocols }>();
  return (tenant, revision) => {
    const kept = byTenant.get(tenant);
    if (kept?.revision === revision) return kept.known;
    const known = remembering(protocols);
    byTenant.set(tenant, { revision, known });
    return known;
  };
}

/** The same functions; each question is asked once. A failure is no answer. */
function remembering(protocols: Protocols): Protocols {
  const answers = new Map<string, Promise<unknown>>();
  const once = <A extends readonly unknown[], T>(name: string, ask: (...asked: A) => Promise<T>) => {
    return (...asked: A): Promise<T> => {
      const question = JSON.stringify([name, ...asked]);
      const known = answers.get(question) as Promise<T> | undefined;
      if (known) return known;
      const answer = ask(...asked);
      if (answers.size < most) answers.set(question, answer);
      answer.catch(() => answers.delete(question));
      return answer;
    };
  };
  return Object.fromEntries(
    Object.entries(protocols).map(([name, ask]) => [name, once(name, ask as () => Promise<unknown>)]),
  ) as unknown as Protocols;
}
