/** What every source of the held directory must do behind the `DirectorySource` port, whether it reads files or calls an API. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DirectorySource, Known, ReadAsk, ReadEnd, SourcePage } from '../../src/directory/types.ts';
import { isGatewayError } from '../../src/fhir/error.ts';

/** One world of records, that `open` may read as often as it likes; a new source stands for a new process. */
export type SourceWorld = {
  open(): DirectorySource;
  /** `Type system|value` of every record in it, repeated as often as it stands there; several pages' worth. */
  keys: readonly string[];
  /** The most rows that a page of this source may have. */
  mostRows: number;
  /** The same source where nothing can be read: refused, unreachable, no such file. */
  broken(): DirectorySource;
  /** The same source where less is there than it says itself: cut in the middle, dead link, wrong totals. */
  short(): DirectorySource;
  /** How long an abort may take to be heard, in milliseconds. Default 2,000. */
  abortMs?: number;
  close?(): Promise<void>;
};

export type Reading = { pages: SourcePage[]; end: ReadEnd };

const nothing: Known = { has: () => false };

/** Reads to the end; `ask` replaces parts of a plain full read. */
export async function readAll(source: DirectorySource, ask: Partial<ReadAsk> = {}): Promise<Reading> {
  const pages: SourcePage[] = [];
  const reading = source.read({ mode: 'full', known: nothing, signal: new AbortController().signal, ...ask });
  for (;;) {
    const step = await reading.next();
    if (step.done) return { pages, end: step.value };
    pages.push(step.value);
  }
}

/** `Type system|value`, sorted: what two readings are compared by. */
export function keysRead(pages: readonly SourcePage[]): string[] {
  return pages.flatMap(({ records }) => records.map(({ kind, key }) => `${kind} ${key}`)).sort();
}

/** Knows what the pages gave, and remembers what it was asked. */
export function knowing(pages: readonly SourcePage[]): Known & { asked: Set<string> } {
  const hashes = new Set(
    pages.flatMap(({ records }) => records.map((record) => record.hash.toString('hex'))),
  );
  const asked = new Set<string>();
  return {
    asked,
    has(hash) {
      const text = hash.toString('hex');
      if (hashes.has(text)) asked.add(text);
      return hashes.has(text);
    },
  };
}

/** Declares the suite; `start` is called once. */
export function directorySourceContract(name: string, start: () => Promise<SourceWorld>): void {
  describe(`${name} behind the DirectorySource port`, () => {
    let world: SourceWorld;
    let first: Reading;
    beforeAll(async () => {
      world = await start();
      first = await readAll(world.open());
    });
    afterAll(() => world?.close?.());

    it('reads everything there is, once', () => {
      expect(keysRead(first.pages)).toEqual([...world.keys].sort());
    });

    it('takes several pages for it, each bounded, each with checkpoint, digest and rows (P-8, P-16)', () => {
      expect(first.pages.length).toBeGreaterThan(2);
      for (const page of first.pages) {
        expect(page.digest).toMatch(/^[0-9a-f]{64}$/);
        expect(page.rows).toBeLessThanOrEqual(world.mostRows);
        expect(page.checkpoint).toBeDefined();
        expect(JSON.parse(JSON.stringify(page.checkpoint))).toEqual(page.checkpoint);
        expect(Buffer.byteLength(JSON.stringify(page.checkpoint))).toBeLessThan(64 * 1024);
      }
    });

    it('proves that it is complete by totals of each kind (P-10)', () => {
      expect(first.end.complete).toBe(true);
      expect(first.end.incomplete).toBeUndefined();
      expect(first.end.asOf).toBeInstanceOf(Date);
      const read = new Map<string, number>();
      for (const key of world.keys) {
        const kind = key.slice(0, key.indexOf(' '));
        read.set(kind, (read.get(kind) ?? 0) + 1);
      }
      const told = first.end.totals.filter((total) => total.read > 0);
      expect(new Map(told.map((total) => [total.kind as string, total.read]))).toEqual(read);
      for (const total of told) if (total.expected !== undefined) expect(total.expected).toBe(total.read);
    });

    it('says of each record what it is held by: key, state, form, content and its hash', () => {
      const contents = new Map<string, string>();
      const faults = first.pages
        .flatMap(({ records }) => records)
        .filter((record) => {
          const hash = `${record.kind} ${record.hash.toString('hex')}`;
          const held = contents.get(hash) ?? record.content;
          contents.set(hash, held);
          const named = /^[^|\s]+\|.+$/s.test(record.key) && record.form !== '' && record.content !== '';
          return !named || record.hash.length < 16 || held !== record.content;
        });
      expect(faults).toEqual([]);
    });

    it('gives the same hash for the same record each time', async () => {
      const again = await readAll(world.open());
      const hashes = ({ pages }: Reading): string[] =>
        pages.flatMap(({ records }) => records.map(({ hash }) => hash.toString('hex'))).sort();
      expect(hashes(again)).toEqual(hashes(first));
    });

    it('goes on after any checkpoint with exactly the rest, in a new process (P-8)', async () => {
      const places = first.pages.map((_, index) => index);
      const every = Math.max(1, Math.floor(places.length / 25));
      for (const index of places.filter((place) => place % every === 0 || place === places.length - 1)) {
        const resume = JSON.parse(JSON.stringify(first.pages[index]!.checkpoint)) as ReadAsk['resume'] & {};
        const rest = await readAll(world.open(), { resume });
        const whole = [...keysRead(first.pages.slice(0, index + 1)), ...keysRead(rest.pages)].sort();
        expect(whole).toEqual([...world.keys].sort());
        expect(rest.end.complete).toBe(true);
        expect(rest.end.totals).toEqual(first.end.totals);
      }
    });

    it('does not give again what is known, asks for each of it, and is complete all the same', async () => {
      const known = knowing(first.pages);
      const second = await readAll(world.open(), { known });
      expect(keysRead(second.pages)).toEqual([]);
      const derived = new Set<string>(world.open().derived);
      const asked = first.pages.flatMap(({ records }) => records.filter(({ kind }) => !derived.has(kind)));
      expect(known.asked).toEqual(new Set(asked.map(({ hash }) => hash.toString('hex'))));
      expect(second.end.complete).toBe(true);
      const rows = ({ pages }: Reading): number => pages.reduce((sum, page) => sum + page.rows, 0);
      expect(rows(second)).toBe(rows(first));
    });

    it('ends soon after an abort, and never as if it were at the end', async () => {
      const stop = new AbortController();
      const reading = world.open().read({ mode: 'full', known: nothing, signal: stop.signal });
      expect((await reading.next()).done).toBe(false);
      stop.abort();
      const began = performance.now();
      let pages = 0;
      const drain = async (): Promise<never> => {
        for (;;) {
          if ((await reading.next()).done) throw new Error('it said that it was at the end');
          pages += 1;
        }
      };
      const error: unknown = await drain().catch((reason: unknown) => reason);
      expect((error as Error).message).not.toContain('at the end');
      expect(pages).toBeLessThanOrEqual(1);
      expect(performance.now() - began).toBeLessThan(world.abortMs ?? 2000);
    });

    it('reads nothing when it is aborted before it begins', async () => {
      const reading = readAll(world.open(), { signal: AbortSignal.abort() });
      await expect(reading).rejects.toBeDefined();
    });

    it('gives up with a GatewayError of side directory, in words', async () => {
      const error: unknown = await readAll(world.broken()).catch((reason: unknown) => reason);
      expect(isGatewayError(error)).toBe(true);
      expect(error).toMatchObject({ side: 'directory' });
      expect((error as Error).message.length).toBeGreaterThan(20);
    });

    it('is not complete, and says why, when less is there than the source says; or gives up', async () => {
      const outcome: unknown = await readAll(world.short()).catch((reason: unknown) => reason);
      if (isGatewayError(outcome)) return expect(outcome.side).toBe('directory');
      const { end } = outcome as Reading;
      expect(end.complete).toBe(false);
      expect(end.incomplete).toMatch(/\S+ \S+/);
    });

    it('names itself, and reads in the modes it says', async () => {
      const source = world.open();
      expect(source.id).not.toBe('');
      expect(source.modes).toContain('full');
      if (source.modes.includes('delta')) expect(first.end.cursor).toBeDefined();
    });
  });
}
