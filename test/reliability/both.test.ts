import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { both } from './both.ts';

it('tells that one did not start only when the other has, so that none is left behind', async () => {
  const started: string[] = [];
  const slow = sleep(50).then(() => started.push('slow'));
  const failing = Promise.reject(new Error('no room'));
  await expect(both(slow, failing)).rejects.toThrow('no room');
  expect(started).toEqual(['slow']);
});
