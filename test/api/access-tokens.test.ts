import { describe, expect, it } from '@jest/globals';
import { accessTokenSeconds, createAccessTokens } from '../../src/api/auth/access-tokens.ts';
import { systemIds } from '../../src/clock.ts';

const start = Date.parse('2026-11-22T10:00:00.000Z');
const at = (seconds: number) => ({ now: () => start + seconds * 1000, sleep: () => Promise.resolve() });
const grant = { client: 'hospital', scope: 'system/*.rs' };

describe('access tokens', () => {
  it('live for five minutes and not a second longer (SBS-05)', async () => {
    const token = await createAccessTokens('secret', at(0), systemIds).issue(grant);
    const verify = (seconds: number) => createAccessTokens('secret', at(seconds), systemIds).verify(token);
    expect(await verify(accessTokenSeconds - 1)).toEqual(grant);
    expect(await verify(accessTokenSeconds)).toBeUndefined();
  });

  it('are read by every gateway with the same secret and by no other', async () => {
    const token = await createAccessTokens('secret', at(0), systemIds).issue(grant);
    expect(await createAccessTokens('secret', at(1), systemIds).verify(token)).toEqual(grant);
    expect(await createAccessTokens('another', at(1), systemIds).verify(token)).toBeUndefined();
  });
});
