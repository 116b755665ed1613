/** What handling a referral needs besides the request: everything impure is an argument (rule 5). */
import type { BusinessKey } from '../fhir/key.ts';
import type { Clock, Ids } from '../clock.ts';
import type { ClientConfig, ServerConfig } from '../config.ts';
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Store } from '../store/store.ts';
import type { Standing } from './closed-people.ts';
import type { ExchangeRules } from './rules.ts';
import type { Held } from './seats.ts';

/** Checks a resource against the base specification and the profiles with these canonicals. */
export type Validate = (resource: AnyResource, profiles: string[]) => Issue[];

export type ReferralContext = {
  /** The MSSanté mailbox of whoever has one of these keys: who has one needs no server. */
  mailboxOf: (keys: readonly BusinessKey[]) => string | undefined;
  /** INSEE codes of the commune that an address or a code names; empty when it is not clear. */
  communesOf: (text: string) => readonly string[];
  /** What the held directory says that persons are, by their identifiers; who is not in it is not in the answer. */
  disciplinesOf: (persons: readonly BusinessKey[]) => Promise<Held>;
  /** Whether the held directory says that these are closed, for each; who is not in it is not. */
  closedOf: (keys: readonly BusinessKey[]) => Promise<Standing>;
  store: Store;
  /** What the tenant's networks publish as of a revision (`intake.find`). */
  protocolsAt: (tenant: string, revision: number) => Store['protocols'];
  clock: Clock;
  ids: Ids;
  servers: readonly ServerConfig[];
  rules: ExchangeRules;
  validate: Validate;
};

/** Who asks, and under which request id it is told in the audit trail. The tenant is the client's (rule 7). */
export type Caller = {
  /** Client id. */
  client: string;
  tenant: string;
  /** Server of the hospital the client speaks for. */
  server: string | undefined;
  roles: readonly ClientConfig['roles'][number][];
  requestId: string;
};
