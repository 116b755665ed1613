import type { Clock, Ids } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Fetch } from '../api/fetch.ts';
import type { Quota } from '../api/quota.ts';
import type { RecordKind } from '../types.ts';

/** The five types that Annuaire Santé v2 serves (french-standards §3.1), in the order they are read. */
export const servedKinds = [
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
  'Device',
] as const satisfies readonly RecordKind[];
export type ServedKind = (typeof servedKinds)[number];

export type AnnuaireOptions = {
  id: string;
  /** Base URL without trailing slash. */
  base: string;
  /** Value of the header ESANTE-API-KEY. */
  key: string;
  /** Origins beside the base's to which a `next` link may lead, and the key with it (P-6). */
  origins?: readonly string[];
  /** Rows asked of a page; the API's maintainers advise 200 at most (P-7). */
  pageSize?: number;
  kinds?: readonly ServedKind[];
  /** Searches followed at the same time, and pages under way at once, at most. */
  streams?: number;
  /** Shared by all that use the key in this process (src/directory/api/quota.ts). */
  quota: Quota;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Default: over the network. */
  fetch?: Fetch;
  /** One call, and how long nothing at all may answer before the run gives up. */
  timeouts?: { callMs: number; silenceMs: number };
};

export type Settings = Required<Omit<AnnuaireOptions, 'origins'>> & { origins: ReadonlySet<string> };
