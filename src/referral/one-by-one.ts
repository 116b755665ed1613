/** Work on many referrals: what one of them brings holds back no other (P-30). */
import { asGatewayError } from '../fhir/outcome.ts';
import { isGatewayError } from '../fhir/error.ts';
import { errorFields, type Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** Failures in a row, of those that a server that is away gives, after which it is not asked for the next one (P-34). */
const mostFailures = 3;

/** `failed` is told of each that fails. Throws what failed once the database or the server is away. */
export async function oneByOne<One>(
  store: Pick<Store, 'ping'>,
  all: Iterable<One>,
  work: (one: One) => Promise<void>,
  failed: (one: One, error: unknown) => void,
): Promise<void> {
  let inARow = 0;
  for (const one of all) {
    try {
      await work(one);
      inARow = 0;
    } catch (error) {
      if (!isGatewayError(error)) await store.ping(); // it may be the database
      inARow = isGatewayError(error) && error.side === 'server' && error.retryable ? inARow + 1 : 0;
      if (inARow === mostFailures) throw error;
      failed(one, error);
    }
  }
}

/** What a problem says, in French; what we did not foresee is in the log with `where`, without what it was about. */
export function problemOf(
  log: Log,
  event: string,
  where: { server: string } | { referral: string },
  error: unknown,
): string {
  const { category, message } = asGatewayError(error);
  if (category === 'fault') log.error(event, { ...where, ...errorFields(error) });
  return message;
}
