/** Where the embedded server listens: a socket in its own folder, in a short folder when that path is too long, or loopback. */
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Arguments that make the server listen there, and the query part of the URL that finds it. */
export type Address = { args: string[]; host: string; port: number; remove(): Promise<void> };

const port = 5432; // names the socket file; nothing listens on the network
const longest = 103; // sun_path with its end mark: 104 bytes on macOS, 108 on Linux
const prefix = 'passerelle-';

/** Chooses the address and makes its folder, closed to everybody but `uid`. */
export async function chooseAddress(folder: string, uid: number | undefined): Promise<Address> {
  if (platform() === 'win32') return loopback();
  const own = join(folder, 'postgres-socket');
  if (fits(own)) {
    await mkdir(own, { recursive: true, mode: 0o700 });
    return socketIn(own, uid, () => Promise.resolve());
  }
  for (const parent of [tmpdir(), '/tmp']) {
    if (!fits(join(parent, `${prefix}XXXXXX`))) continue;
    const made = await mkdtemp(join(parent, prefix));
    return socketIn(made, uid, () => rm(made, { recursive: true, force: true }));
  }
  return loopback();
}

/** Removes the short folder of a server that a killed gateway left behind; any other folder is left alone. */
export async function removeShortFolder(socketFolder: string): Promise<void> {
  const short = [tmpdir(), '/tmp'].some((parent) => socketFolder === join(parent, basename(socketFolder)));
  if (short && basename(socketFolder).startsWith(prefix))
    await rm(socketFolder, { recursive: true, force: true });
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${port}`)) <= longest;
}

async function socketIn(
  folder: string,
  uid: number | undefined,
  remove: () => Promise<void>,
): Promise<Address> {
  if (uid !== undefined) await chown(folder, uid, uid);
  const quoted = `"${folder.replaceAll('"', '""')}"`; // the option is a list: commas would part it
  return {
    args: ['-c', 'listen_addresses=', '-k', quoted, '-p', String(port)],
    host: folder,
    port,
    remove,
  };
}

async function loopback(): Promise<Address> {
  const free = await freePort();
  return {
    args: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-p', String(free)],
    host: '127.0.0.1',
    port: free,
    remove: () => Promise.resolve(),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port: found } = probe.address() as AddressInfo;
      probe.close(() => resolve(found));
    });
  });
}
