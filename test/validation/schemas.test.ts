import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

describe('profiles/schemas.json', () => {
  it('is what compiling the R4 definitions and our profiles gives (npm run build:schemas)', () => {
    const run = spawnSync(process.execPath, ['scripts/schemas.ts', '--check'], { encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, '']);
  });
});
