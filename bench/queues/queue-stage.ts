/** A peer's process beside the gateway: the same database server, the same instant hospital. */
import { join } from 'node:path';
import { type Child, startChild } from '../gateway/child.ts';

/** Starts one, ready to take bodies at the URL it said. */
export function startQueue(name: string, databaseUrl: string, hospital: string): Promise<Child> {
  return startChild([join(import.meta.dirname, 'queue-server.ts'), name, databaseUrl, hospital]);
}
