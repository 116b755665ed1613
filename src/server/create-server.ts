/** The one wrapper around fhir-kit-client: a configured hospital server as the `FhirServer` that rooms work with. */
import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { readBinary } from './binary.ts';
import { openCaller } from './open-caller.ts';
import { probe } from './probe.ts';
import { readEach, readMany } from './read-many.ts';
import { readResource } from './read.ts';
import { searchAll } from './search.ts';
import { sendTransaction } from './transaction.ts';
import type { FhirServer } from './types.ts';
import { updateResource } from './update.ts';
import { writeAlone } from './write-alone.ts';

/** What a server client needs besides its configuration. */
export type ServerParts = { clock: Clock; ids: Ids; log: Log };

/**
 * Opens nothing yet: connections are made when they are needed and dropped by `close`.
 * Throws `fault` when the configured `caFile` cannot be read.
 */
export function createServer(config: ServerConfig, { clock, ids, log }: ServerParts): FhirServer {
  const caller = openCaller(config, { clock, ids, log });
  const server = { id: config.id, base: config.base, call: caller.call };
  return {
    id: config.id,
    base: config.base,
    probe: () => probe(server),
    read: (type, id) => readResource(server, type, id),
    search: (type, params, limit) => searchAll(server, type, params, limit),
    readMany: (wanted) => readMany(server, wanted),
    readEach: (wanted) => readEach(server, wanted),
    transaction: (entries) => sendTransaction(server, entries),
    writeAlone: (entry) => writeAlone(server, entry),
    update: (resource, ifMatch) => updateResource(server, resource, ifMatch),
    binary: (id) => readBinary(server, id),
    close: () => caller.close(),
  };
}
