/** A way to a hospital that can be cut: dead, it takes connections and resets them, and counts how often it was tried. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type MortalHospital = {
  base: string;
  /** From now on: alive or dead. */
  set(alive: boolean): void;
  /** When it was tried while it was dead, in milliseconds since 1970, since it was last asked. */
  take(): number[];
  close(): Promise<void>;
};

/** Stands before the hospital of a base. */
export async function startMortalHospital(base: string): Promise<MortalHospital> {
  const { port, pathname } = new URL(base);
  const open = new Set<Socket>();
  const tried: number[] = [];
  let alive = true;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (!alive) {
      tried.push(performance.timeOrigin + performance.now());
      return void socket.resetAndDestroy();
    }
    const there = connect(Number(port), '127.0.0.1').on('error', () => socket.destroy());
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      there.destroy();
    });
    socket.pipe(there).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    set(next) {
      alive = next;
      if (!alive) for (const socket of open) socket.resetAndDestroy();
    },
    take: () => tried.splice(0),
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
