/** A reverse proxy over loopback that fails requests as it is told: what a hospital's network does to a gateway. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from './fail.ts';
import type { Fault, FaultKind } from './fault.ts';
import { createUpstream } from './upstream.ts';

/** Chooses what befalls a request, by its number; undefined: nothing. */
export type FaultDraw = (request: number) => Fault | undefined;

export type FaultProxy = {
  /** Base of the hospital, as the gateway knows it. */
  base: string;
  setFaults(draw: FaultDraw | undefined): void;
  /** How many requests met which fault so far. */
  counts(): Partial<Record<FaultKind, number>>;
  /** Resolves when everything that was let through to the hospital has come back from there. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

const askAgainMs = 20;

/** Starts one before a hospital's base. Until it is told otherwise it fails nothing. */
export async function startFaultProxy(hospitalBase: string): Promise<FaultProxy> {
  const { origin, pathname } = new URL(hospitalBase);
  const counts: Partial<Record<FaultKind, number>> = {};
  const sockets = new Set<Socket>();
  let [port, arrived, closed] = [0, 0, false];
  let [draw, reopening]: [FaultDraw | undefined, Promise<void> | undefined] = [undefined, undefined];
  const upstream = createUpstream(origin, () => `http://127.0.0.1:${port}`);
  const underWay = new Set<Promise<unknown>>();
  const server = createServer((request, response) => {
    const fault = draw?.(arrived++);
    if (fault) counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
    if (fault?.kind === 'refuse') return shut(fault.ms);
    const done = fail(fault, request, response, upstream).catch(() => void request.socket.destroy());
    underWay.add(done);
    void done.finally(() => underWay.delete(done));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.removeListener('error', reject);
        resolve();
      });
    });

  /** Drops every connection and takes none for a while. */
  function shut(ms: number): void {
    for (const socket of sockets) socket.resetAndDestroy();
    reopening ??= (async () => {
      await new Promise((resolve) => server.close(resolve));
      await sleep(ms);
      while (!closed && !(await open().then(() => true, () => false))) await sleep(askAgainMs);
      reopening = undefined;
    })(); // prettier-ignore
  }

  await open();
  ({ port } = server.address() as AddressInfo);
  return {
    base: `http://127.0.0.1:${port}${pathname}`,
    setFaults: (next) => void (draw = next),
    counts: () => ({ ...counts }),
    async settled() {
      await reopening;
      while (underWay.size) await Promise.all(underWay);
    },
    async close() {
      closed = true;
      await reopening;
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      upstream.close();
    },
  };
}
