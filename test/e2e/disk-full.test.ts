/** A disk that is really full under the embedded database, on a small tmpfs; where none can be mounted that is said, and nothing tried. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { SyncOutcome } from '../../src/directory-operations.ts';
import { startSyncStage, type SyncStage } from './sync-stage.ts';

const disk = mkdtempSync(join(tmpdir(), 'passerelle-disk-'));
const ballast = join(disk, 'ballast');
const megabyte = 1024 * 1024;
const size = 192;

function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not root, or no such file system
  }
}

const isMounted = mounted();
if (!isMounted) console.log('Disque plein : non essayé ici, monter un tmpfs n’y est pas permis.');

let stage: SyncStage | undefined;
afterAll(async () => {
  await stage?.close();
  if (isMounted) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

/** Leaves so many bytes free. */
function fill(free: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)));
}

const seen = (): Promise<unknown> =>
  stage!.look(async ({ db }) => {
    const { rows } = await sql`
      select md5(string_agg(concat_ws('|', kind, key, state, remote_id, content), ',' order by kind, key)) as digest
      from directory_record`.execute(db);
    return rows[0];
  });

describe('a synchronisation on a full disk', () => {
  it('says so in French, leaves what is held as it was, and goes on once there is room', async () => {
    if (!isMounted) return; // said above
    mkdirSync(join(disk, 'data'), { mode: 0o700 });
    stage = await startSyncStage({ roles: 1500, data: join(disk, 'data') });
    const first = await stage.sync().ended;
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const before = await seen();

    stage.emulator.advance(1, [{ kind: 'platform' }]); // every record changes
    fill(megabyte);
    const full = await stage.sync('--full').ended;
    const told = full.stdout + full.stderr;
    expect(full.code).not.toBe(0);
    expect(told).toMatch(/disque (de la base de données )?est plein/);
    expect(told).not.toMatch(/ {4}at /);

    const still = await stage.sync('--full').ended;
    expect(still.code).not.toBe(0); // begun again without room: said again
    expect(still.stdout + still.stderr).toMatch(/disque (de la base de données )?est plein/);

    rmSync(ballast);
    expect(await seen()).toEqual(before);
    const ran = await stage.sync('--full').ended;
    const [outcome] = JSON.parse(ran.stdout) as SyncOutcome[];
    expect(outcome).toMatchObject({ run: { status: 'applied', complete: true } });
    const { dayNumber } = stage.emulator.population;
    expect(await stage.differences(new Set([dayNumber - 1, dayNumber]))).toEqual([]);
  }, 600_000);
});
