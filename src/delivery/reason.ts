import type { Category, GatewayError, Side } from '../fhir/error.ts';
import type { Json } from '../fhir/types.ts';

/**
 * Why an item waits or was set aside, in words a person can act on (P-32). `until`: when it is tried next; `times`:
 * attempts in a row that ended like this one.
 */
export type Reason = { category: Category; side: Side; message: string; until?: string; times?: number };

/** The reason an error gives. */
export function reasonOf(error: GatewayError, times: number, until?: Date): Reason {
  const { category, side, message } = error;
  return { category, side, message, times, ...(until ? { until: until.toISOString() } : {}) };
}

/** The reason of an item whose time is over, with the last one in it. */
export function expiredReason(last: Json): Reason {
  const known = last as Reason | null;
  const cause = known?.message ?? 'aucun envoi n’a pu être tenté';
  return {
    category: 'timeout',
    side: known?.side ?? 'server',
    message: `Délai de remise dépassé. Dernière cause : ${cause}`,
  };
}
