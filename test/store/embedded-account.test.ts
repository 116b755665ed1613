import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accounts, giveTo, runAs } from '../../src/store/embedded-account.ts';
import { findBinaries, type Binaries } from '../../src/store/embedded-binaries.ts';

/** As root three accounts are tried, else the own one and a namespace; a container may allow only some of them. */
describe('the accounts that may run the server here', () => {
  let folder: string;
  let binaries: Binaries;
  const working: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pas-account-'));
    await chmod(folder, 0o711);
    binaries = await findBinaries(folder);
    for (const account of accounts()) {
      await runAs(account, binaries, '/bin/true', []).then(
        () => working.push(account.name),
        () => undefined,
      );
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('include at least one', () => {
    expect(working).not.toEqual([]);
  });

  it.each(accounts())('as $name: never root, and owner of the data given to it', async (account) => {
    if (!working.includes(account.name)) return;
    const data = join(folder, account.name, 'data');
    await mkdir(data, { recursive: true, mode: 0o700 });
    await giveTo(account, data);
    const program = 'test "$(id -u)" -ne 0 && test -O "$0" && touch "$0/written"';
    await runAs(account, binaries, '/bin/sh', ['-c', program, data]);
    expect((await stat(join(data, 'written'))).uid).toBe(account.uid ?? process.getuid?.());
  });

  it.each(accounts().filter(({ name }) => name === 'namespace' || name === 'nobody-override'))(
    'as $name: data below a folder that is closed to others can be reached',
    async (account) => {
      if (!working.includes(account.name)) return;
      const closed = join(folder, `closed-${account.name}`);
      const data = join(closed, 'data');
      await mkdir(data, { recursive: true, mode: 0o700 });
      await chmod(closed, 0o700);
      await giveTo(account, data);
      await runAs(account, binaries, '/bin/sh', ['-c', 'echo here > "$0/written"', data]);
      expect(await readFile(join(data, 'written'), 'utf8')).toBe('here\n');
    },
  );

  it('can pass data from one to the other and back', async () => {
    const data = join(folder, 'passed', 'data');
    await mkdir(join(data, 'base'), { recursive: true });
    for (const account of [...accounts(), accounts()[0]!]) {
      await giveTo(account, data);
      const owner = account.uid ?? process.getuid?.();
      expect([(await stat(data)).uid, (await stat(join(data, 'base'))).uid]).toEqual([owner, owner]);
    }
  });
});
