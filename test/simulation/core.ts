/** The modules under test, loaded from the project or from a copy with one mistake in it: never a rewriting of them. */
import { pathToFileURL } from 'node:url';
import type { createDelivery } from '../../src/delivery/create-delivery.ts';
import type { withLease } from '../../src/directory/lease.ts';
import type { openRun } from '../../src/directory/open-run.ts';
import type { readRun } from '../../src/directory/read-run.ts';
import type { enqueue } from '../../src/delivery/enqueue.ts';
import type { GatewayError } from '../../src/fhir/error.ts';
import type { logicalId } from '../../src/fhir/key.ts';

export type Core = {
  createDelivery: typeof createDelivery;
  enqueue: typeof enqueue;
  GatewayError: typeof GatewayError;
  logicalId: typeof logicalId;
  withLease: typeof withLease;
  openRun: typeof openRun;
  readRun: typeof readRun;
};

/** `sources`: a folder laid out as `src/`. */
export async function loadCore(sources = new URL('../../src', import.meta.url).pathname): Promise<Core> {
  const load = async (file: string): Promise<Record<string, unknown>> =>
    (await import(pathToFileURL(`${sources}/${file}`).href)) as Record<string, unknown>;
  const delivery = ['delivery/create-delivery.ts', 'delivery/enqueue.ts', 'fhir/error.ts', 'fhir/key.ts'];
  const reading = ['directory/lease.ts', 'directory/open-run.ts', 'directory/read-run.ts'];
  const modules = [...delivery, ...reading];
  const loaded = await Promise.all(modules.map(load));
  return Object.assign({}, ...loaded) as Core;
}
