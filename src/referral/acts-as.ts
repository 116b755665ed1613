import type { ClientConfig } from '../config.ts';
import type { Referral } from '../store/referrals.ts';

/**
 * On which side of a referral a client stands that changes its Task. A hospital is often both: what it did not place itself,
 * it has in charge.
 */
export function actsAs(
  { client, roles }: { client: string; roles: readonly ClientConfig['roles'][number][] },
  referral: Pick<Referral, 'placerClient'> | undefined,
): 'placer' | 'fulfiller' {
  if (!roles.includes('fulfiller')) return 'placer';
  return roles.includes('placer') && referral?.placerClient === client ? 'placer' : 'fulfiller';
}
