/** `passerelle … | head`: a reader that has seen enough. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './passerelle.ts';

describe('a command whose reader goes away', () => {
  it('ends well, without a trace', async () => {
    const file = join(root, 'examples/networks/cso-filiere-inventee.yaml');
    const args = [join(root, 'bin/passerelle.cjs'), 'map', file, '--explain'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString('utf8')));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }, 60_000);
});
