/** Memory of processes, in MiB. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** Resident memory of a process, shared pages included. */
export function residentMiB(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

/**
 * Memory of the whole PostgreSQL server behind a connection, pages that its processes share counted once (Linux, server on
 * this machine); undefined elsewhere.
 */
export async function postgresMiB(databaseUrl: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  try {
    const postmaster = parentOf(rows[0]!.pid);
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const family = all.filter((pid) => pid === postmaster || isChild(pid, postmaster));
    return family.reduce((sum, pid) => sum + proportionalMiB(pid), 0);
  } catch {
    return undefined;
  } finally {
    await client.end();
  }
}

function isChild(pid: number, parent: number): boolean {
  try {
    return parentOf(pid) === parent;
  } catch {
    return false; // ended meanwhile
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

function proportionalMiB(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))![1]) / 1024;
}
