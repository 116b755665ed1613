import { describe, expect, it } from '@jest/globals';
import { outlast } from '../../src/directory/outlast.ts';
import { GatewayError } from '../../src/fhir/error.ts';
import { createLog } from '../../src/log.ts';
import { databaseFailure } from '../../src/store/database-failure.ts';
import { busyClock } from './busy-clock.ts';

const failure = (code: string): GatewayError => databaseFailure(Object.assign(new Error('x'), { code }));

/** How often the work was tried and how long that took, ms; it fails `times` times. */
async function tried(error: Error, times: number, signal = new AbortController().signal) {
  const clock = busyClock();
  const began = clock.now();
  let tries = 0;
  const work = async (): Promise<string> => {
    tries += 1;
    if (tries <= times) throw error;
    return 'done';
  };
  const parts = { clock, log: createLog('silent') };
  const ended = await clock.until(outlast(parts, signal, work).catch((thrown: unknown) => thrown));
  return { tries, ended, ms: clock.now() - began };
}

describe('work while the database is away', () => {
  it.each(['57P01', '57P03', 'ECONNREFUSED', 'ENOENT'])('is done once it is back (%s)', async (code) => {
    expect(await tried(failure(code), 3)).toMatchObject({ tries: 4, ended: 'done', ms: 7000 });
  });

  it('ends with what it said last when it stays away for the length of a lease', async () => {
    const error = failure('ECONNREFUSED');
    const { ended, ms } = await tried(error, Infinity);
    expect(ended).toBe(error);
    expect(ms).toBeLessThan(60_000);
  });

  it.each([
    ['a full disk', failure('53100')],
    ['a wrong password', failure('28P01')],
    [
      'a directory that does not answer',
      new GatewayError({ category: 'unavailable', side: 'directory', message: 'x' }),
    ],
    ['a fault of ours', new TypeError('x')],
  ])('is not waited for: %s', async (_name, error) => {
    expect(await tried(error, 1)).toMatchObject({ tries: 1, ended: error, ms: 0 });
  });

  it('ends at once when it is told to stop', async () => {
    const error = failure('57P01');
    expect(await tried(error, Infinity, AbortSignal.abort())).toMatchObject({ tries: 1, ended: error });
  });
});
