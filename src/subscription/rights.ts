/** Who may be told of what, and where: asked when something happens and again when it is sent (deny by default). Pure. */
import type { ClientConfig } from '../config.ts';
import type { Referral } from '../store/referrals.ts';

/** The placer, and whoever has it: the parties that may read its Task and documents here. */
export function takesPart({ id, tenant, server, roles }: ClientConfig, referral: Referral): boolean {
  if (tenant !== referral.tenant || !roles.some((role) => role === 'placer' || role === 'fulfiller'))
    return false;
  const sides = [referral.placerServer, referral.fulfillerServer];
  return id === referral.placerClient || (server !== undefined && sides.includes(server));
}

/**
 * Whether the gateway may call an address for a client: one the administrator wrote into its configuration, whole or by
 * origin. Nothing a client sends can make the gateway call anywhere else (SSRF); redirects are not followed either.
 */
export function mayCall({ notify, subscriptions }: ClientConfig, endpoint: string): boolean {
  if (endpoint === notify?.endpoint) return true;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || url.username || url.password || url.hash) return false;
  return (subscriptions?.origins ?? []).some((origin) => new URL(origin).origin === url.origin);
}
