import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SourcePage } from '../../../src/directory/types.ts';
import { keysRead, readAll } from '../../contracts/directory-source.ts';
import { keysOf, population } from '../annuaire/population.ts';
import { failure, fakeServer, type FakeServer, openMcsd } from './fake-server.ts';

const records = population(60).filter(({ resourceType }) => resourceType === 'Practitioner');
let server: FakeServer;
beforeEach(() => {
  server = fakeServer(records);
});
const read = (resume?: SourcePage['checkpoint']) =>
  readAll(openMcsd(server), resume === undefined ? {} : { resume });
/** What the server does not answer; too many questions end the test. */
const without = (category: 'not-found' | 'gone' | 'invalid', is: (path: string) => boolean): void => {
  const { call } = server;
  server.call = (asked) => {
    if (server.asked.length > 100) throw new RangeError('it asks without end');
    if (!is(asked.path)) return call(asked);
    server.asked.push(asked.path);
    return Promise.reject(failure(category));
  };
};

describe('a link of a search', () => {
  it.each([
    ['leads outside the base, as behind a proxy that the server does not know of', 'invalid' as const],
    ['is not found', 'not-found' as const],
    ['is gone', 'gone' as const],
  ])('that was given just now and %s ends the reading, in words', async (_name, category) => {
    without(category, (path) => path.includes('page=1'));
    await expect(read()).rejects.toMatchObject({
      side: 'directory',
      retryable: false,
      message: expect.stringMatching(/^Annuaire « region » : le lien .* Practitioner .* à corriger/),
    });
    expect(server.asked).toHaveLength(3); // metadata, the first page, the link
  });

  it('that a checkpoint kept and the server forgot begins its kind again, counted anew', async () => {
    const { pages } = await read();
    const [, kept] = pages;
    const link = server.asked.at(-1)!;
    let forgotten = 0;
    without('gone', (path) => path === link && (forgotten += 1) === 1);
    const rest = await read(kept!.checkpoint);
    expect(rest.end).toMatchObject({ complete: true, totals: [{ kind: 'Practitioner', read: 60 }] });
    expect(keysRead(rest.pages)).toEqual(keysOf(records));
  });

  it('that a checkpoint kept and that is never served does so once', async () => {
    const { pages } = await read();
    without('gone', (path) => path.includes('page=2'));
    await expect(read(pages[1]!.checkpoint)).rejects.toMatchObject({ side: 'directory', retryable: false });
  });
});
