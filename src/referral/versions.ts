/** What a referral was judged by: the protocol, the mapping that made it and the rules of exchange, as they were then. */
import { versionOf } from '../fhir/version-of.ts';
import type { Json } from '../fhir/types.ts';
import type { Destination } from './destination.ts';
import type { ExchangeRules } from './rules.ts';

/** For the ledger. A protocol has the version that `/fhir` gives it; no mapping is told of what was loaded without one. */
export function versionsOf(
  { protocol: { plan, networkId, mapping } }: Destination,
  rules: ExchangeRules,
): { [name: string]: Json } {
  const { url } = plan as { url?: string };
  return {
    ...{ network: networkId, protocol: url ?? null, version: versionOf(plan) },
    ...(mapping === undefined ? {} : { mapping: mapping.slice(0, 16) }),
    rules: rules.version,
  };
}
