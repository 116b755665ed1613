import type { Clock, Ids } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Caller } from '../../server/caller.ts';
import type { RecordKind } from '../types.ts';

/** Types of mCSD (IHE ITI mCSD 4.0), in the order they are read. */
export const mcsdKinds = [
  ...['Organization', 'Practitioner', 'PractitionerRole', 'HealthcareService', 'Location', 'Endpoint'],
  'OrganizationAffiliation',
] as readonly RecordKind[];

export type McsdOptions = {
  id: string;
  /** Base URL without trailing slash. */
  base: string;
  /** GET with the server's credentials, below its base only (src/server/caller.ts). */
  call: Caller;
  /** Whose identifiers it may speak for: `system` or `system|beginning of the value`; empty: anybody's (P-14). */
  authority: readonly string[];
  kinds?: readonly RecordKind[];
  pageSize?: number;
  clock: Clock;
  ids: Ids;
  log: Log;
};

export type McsdSettings = Required<McsdOptions>;
