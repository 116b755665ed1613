import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from '../../src/store/embedded-binaries.ts';

/** A package as npm unpacks it with --ignore-scripts: libraries under their full names, links only in the list. */
describe('the PostgreSQL binaries', () => {
  let folder: string;
  let native: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pas-binaries-'));
    native = join(folder, 'package', 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), '');
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('get the library links that an install without scripts left out', async () => {
    await findBinaries(folder, native);
    expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  });

  it('are left as they are when the links exist', async () => {
    const first = await findBinaries(folder, native);
    expect(await findBinaries(folder, native)).toEqual(first);
  });

  it('get their links in the gateway’s folder when the package cannot be written', async () => {
    await chmod(join(native, 'lib'), 0o500);
    const { env } = await findBinaries(folder, native);
    const place = env?.['LD_LIBRARY_PATH'] ?? join(native, 'lib'); // root may write everywhere
    expect(await readlink(join(place, 'libpq.so.5'))).toMatch(/libpq\.so\.5\.18$/);
  });

  it('see nothing of the caller’s environment', async () => {
    expect(Object.keys((await findBinaries(folder, native)).env ?? {}).sort()).toEqual([
      'LC_ALL',
      'PATH',
      'TZ',
    ]);
  });
});
