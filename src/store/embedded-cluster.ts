/** The data folder: made once, whole or not at all, and opened under the account that works on this machine. */
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accounts, giveTo, runAs, type Account } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { embeddedFailure } from './embedded-failure.ts';

/** Name of the database, and of its only role. */
export const databaseName = 'passerelle';

/** A data folder ready to be served. The password lies in it, for its owner alone. */
export type Cluster = { data: string; account: Account; password: string };

/** Opens `<folder>/postgres`, making it when it is not there. */
export async function openCluster(folder: string, binaries: Binaries): Promise<Cluster> {
  const data = join(folder, 'postgres');
  const exists = await stat(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  const account = exists
    ? await firstThatWorks(folder, (one) => open(one, binaries, data))
    : await firstThatWorks(folder, (one) => create(one, binaries, data));
  return { data, account, password: await readFile(join(data, passwordFile), 'utf8') };
}

const passwordFile = 'passerelle-password';

/** Reading a setting loads the libraries and the data folder as starting would. */
async function open(account: Account, binaries: Binaries, data: string): Promise<void> {
  await giveTo(account, data);
  await runAs(account, binaries, binaries.postgres, ['-D', data, '-C', 'data_directory']);
}

/** Made beside its place and renamed at the end: killed half-way, it is made again. */
async function create(account: Account, binaries: Binaries, data: string): Promise<void> {
  const unfinished = `${data}.new`;
  const secret = `${data}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await giveTo(account, unfinished);
  const password = randomBytes(24).toString('base64url');
  await writeFile(secret, password, { mode: 0o600 });
  if (account.uid !== undefined) await chown(secret, account.uid, account.uid);
  try {
    await runAs(account, binaries, binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${databaseName}`,
      `--pwfile=${secret}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ]);
    await rename(secret, join(unfinished, passwordFile));
    await rename(unfinished, data);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    await rm(secret, { force: true });
    throw error;
  }
}

/** The first account that manages; when none does, what they all said. */
async function firstThatWorks(
  folder: string,
  attempt: (account: Account) => Promise<void>,
): Promise<Account> {
  let said = '';
  let cause: unknown;
  for (const account of accounts()) {
    try {
      await attempt(account);
      return account;
    } catch (error) {
      cause = error;
      said += `${(error as { stderr?: string }).stderr ?? ''}\n${(error as Error).message}\n`;
    }
  }
  throw embeddedFailure(folder, said, cause);
}
