/** A hospital over memory: a real FHIR R4 REST server for the demo and for hostile tests. It knows nothing of its callers. */
import { randomUUID } from 'node:crypto';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FaultHook } from './fault.ts';
import { createGate, type HospitalAuth } from './gate.ts';
import { createApp } from './http.ts';
import { createMemory } from './memory.ts';
import { createPages } from './pages.ts';
import type { Records } from './records.ts';
import { createTraffic } from './traffic.ts';

export type HospitalOptions = {
  name: string;
  /** Absent or 0: any free port. */
  port?: number;
  /** Who chooses logical ids. */
  ids: 'client' | 'server';
  /** Largest page, whatever `_count` says. Default 50, HAPI's own. */
  pageSize?: number;
  /** Refuse broken references, and deletes that would break one. Default true. */
  checkReferences?: boolean;
  auth?: HospitalAuth;
  /** Key and certificate (PEM) to serve https. */
  tls?: { key: string; cert: string };
  clock?: { now(): number };
  faults?: FaultHook;
};

export type Hospital = {
  name: string;
  /** Base URL without trailing slash. */
  base: string;
  /** Requests carried out or refused so far, by what they could change. */
  traffic(): { reads: number; writes: number };
  /** Fails requests from now on as the hook says; undefined: no more. */
  setFaults(hook: FaultHook | undefined): void;
  /** Makes every SMART token given out worthless. */
  revokeTokens(): void;
  /** Stops listening and drops every connection, silent ones too. */
  close(): Promise<void>;
};

/** Starts one on the loopback interface. Rejects when the port is taken. */
export async function startHospital(options: HospitalOptions): Promise<Hospital> {
  const { name, ids, pageSize = 50, checkReferences = true, clock = { now: () => Date.now() } } = options;
  const server: Server = options.tls ? createHttps(options.tls) : createHttp();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const base = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/fhir`;
  const records: Records = {
    memory: createMemory(),
    pages: createPages(randomUUID),
    base,
    ids,
    checkReferences,
    pageSize,
    now: () => new Date(clock.now()).toISOString(),
    newId: () => randomUUID(),
  };
  let faults = options.faults;
  const traffic = createTraffic();
  const { gate, tokens } = createGate(options.auth, base, clock);
  const app = createApp({ records, gate, traffic, faults: () => faults });
  server.on('request', (request, response) => void app(request, response));
  return {
    name,
    base,
    traffic: () => traffic.counts(),
    setFaults: (hook) => void (faults = hook),
    revokeTokens: () => tokens?.revokeAll(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
