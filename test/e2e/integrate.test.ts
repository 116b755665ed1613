/**
 * docs/integrate.md as somebody new to it reads it: every command of the page, in its order, in one shell. What differs from the
 * page: `npm ci` was done for the test run, and the port is a free one.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root, workFolder } from './passerelle.ts';

const minutes = 60_000;
const page = readFileSync(join(root, 'docs/integrate.md'), 'utf8');
/** The commands of the page, block by block. */
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text!);
const written = 'npm ci && npm start -- --port 8470\n';

/** The page asks for them, the tests of the project do not. */
const lacking = ['bash', 'curl', 'jq'].filter(
  (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0,
);
if (lacking.length > 0) console.log(`docs/integrate.md : non essayé ici, il manque ${lacking.join(', ')}.`);

let place: Awaited<ReturnType<typeof workFolder>> | undefined;
let demo: ChildProcess;
let shell: ChildProcess;
let printed = '';
beforeAll(async () => {
  if (lacking.length > 0) return;
  place = await workFolder();
  for (const name of ['package.json', 'bin', 'examples', 'node_modules'])
    await symlink(join(root, name), join(place.folder, name));
  const port = await freePort();
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] };
  const where = { cwd: place.folder, env, detached: true };
  demo = spawn('npm', ['start', '--', '--port', String(port)], where);
  await said(demo, /En service/);
  shell = spawn('bash', [], where);
  for (const stream of [shell.stdout!, shell.stderr!])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  blocks.forEach((text, index) => (blocks[index] = text.replaceAll('8470', String(port))));
}, 5 * minutes);

afterAll(async () => {
  for (const [one, signal] of [
    [shell, 'SIGKILL'],
    [demo, 'SIGINT'],
  ] as const) {
    if (one?.pid === undefined || one.exitCode !== null) continue;
    const ended = once(one, 'close');
    process.kill(-one.pid, signal);
    await ended;
  }
  await place?.remove();
}, minutes);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((found, failed) => {
    let text = '';
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      if (pattern.test(text)) found();
    };
    child.stdout!.on('data', look);
    child.stderr!.on('data', look);
    child.once('close', () => failed(new Error(`ended without ${String(pattern)}:\n${text}`)));
  });
}

let turn = 0;
/** Types some commands into the shell and answers what they print, on both streams. */
async function type(commands: string): Promise<string> {
  const mark = `--- ${(turn += 1)} ---`;
  const before = printed.length;
  shell.stdin!.write(`${commands}\necho '${mark}'\n`);
  while (!printed.slice(before).includes(mark)) await new Promise((later) => setTimeout(later, 50));
  return printed.slice(before).replace(`${mark}\n`, '');
}

/** What comes « seconds later » is asked for again until it is there. */
async function typeUntil(commands: string, wanted: RegExp): Promise<string> {
  for (const end = Date.now() + 2 * minutes; ;) {
    const answer = await type(commands);
    if (wanted.test(answer) || Date.now() > end) return answer;
    await new Promise((later) => setTimeout(later, 1000));
  }
}

/** A step of the page; where its tools are missing it is not tried, which is said above. */
function typed(what: string, step: () => Promise<void>): void {
  it(
    what,
    async () => {
      if (lacking.length === 0) await step();
    },
    5 * minutes,
  );
}

describe('docs/integrate.md, as a newcomer follows it', () => {
  it('has the commands that are run here, and no other', () => {
    expect(blocks).toHaveLength(11);
    expect(page).toContain(written);
  });

  typed('says who one is and where the hospitals are', async () => {
    expect(await type(blocks[1]!)).toBe('');
    expect(await type('echo "$PSY $VILLE"')).toMatch(/^http:\S+\/fhir http:\S+\/fhir$/m);
  });

  typed('sends a first referral: one location for each entry', async () => {
    const locations = (await type(blocks[2]!)).trim().split('\n');
    const { entry } = JSON.parse(readFileSync(join(place!.folder, 'adressage.json'), 'utf8')) as {
      entry: unknown[];
    };
    expect(locations).toHaveLength(entry.length);
    for (const location of locations) expect(location).toMatch(/^"(\w+\/[^"]+|https?:[^"]+)"$/);
  });

  typed('finds the Task at the fulfiller’s server', async () => {
    expect(await typeUntil(blocks[3]!, /"status": "requested"/)).toMatch(/"focus": \{/);
  });

  typed('accepts it, and shows the plan with its steps', async () => {
    const answer = await type(blocks[4]!);
    expect(answer).toMatch(/^accepted$/m);
    for (const step of ['consultation-1', 'consultation-2', 'consultation-3', 'reorientation'])
      expect(answer).toMatch(new RegExp(`^\\["${step}","ServiceRequest/[^"]+"\\]$`, 'm'));
  });

  typed('records three consultations and names the town GP', async () => {
    expect(await type(blocks[5]!)).toBe('finished\nfinished\nfinished\nDr Luc ESSAI-VILLE\n');
  });

  typed('sends the synthesis', async () => {
    expect(await type(blocks[6]!)).toMatch(/\["DocumentReference","current"\]\nnull\n$/);
  });

  typed('sees the synthesis come back with its PDF, byte for byte', async () => {
    const answer = await typeUntil(blocks[7]!, /identique/);
    expect(answer).toContain('["application/fhir+json","Binary/');
    expect(answer).toContain('["application/pdf","Binary/');
    expect(answer).toMatch(/^identique$/m);
    expect(answer).not.toMatch(/EOF on cmp|differ|error/i);
  });

  typed('ends it at the fulfiller’s server, and the gateway follows', async () => {
    expect(await type(blocks[8]!)).toMatch(/^completed$/m);
  });

  typed('closes it in the placer’s name: nothing is open any more', async () => {
    const answer = await type(blocks[9]!);
    expect(answer).toMatch(/^completed$/m);
    expect(answer.match(/ terminé .* clos /g)).toHaveLength(2); // the demonstration's own, and this one
    expect(answer).not.toContain('ouvert');
  });

  typed('is told, where nobody allowed the address to be called, who has to write it first', async () => {
    await type(blocks[10]!);
    expect(await type('psy -d @abonnement.json $G/Subscription | jq -r ".issue[0].details.text"')).toMatch(
      /subscriptions/,
    );
  });
});
