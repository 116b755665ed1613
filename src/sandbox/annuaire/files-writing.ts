/** Writing the flat files that match the population: one writing at a time, and no day turns meanwhile. */
import type { FileOptions, WrittenFile } from './files/types.ts';
import type { Population } from './population/types.ts';

/** Which files and how; docs/emulator.md lists them. */
export type FileWish = Pick<FileOptions, 'kinds' | 'zip' | 'encoding'>;

/** Writes the flat files that match the population into a folder. */
export type FilesWriter = (
  population: Population,
  folder: string,
  options: FileWish & { signal: AbortSignal },
) => Promise<WrittenFile[]>;

export type FilesWriting = {
  /** Writes when the writings before are done. */
  write(folder: string, wish?: FileWish): Promise<WrittenFile[]>;
  busy(): boolean;
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
  /** Gives up what is being written. */
  stop(): Promise<void>;
};

export function createFilesWriting(population: Population, writer: FilesWriter): FilesWriting {
  const stopping = new AbortController();
  const { signal } = stopping;
  let last: Promise<unknown> = Promise.resolve();
  let open = 0;
  const idle = async (): Promise<void> => {
    while (open > 0) await last;
  };
  return {
    write(folder, wish = {}) {
      open += 1;
      const written = last
        .then(() => writer(population, folder, { ...wish, signal }))
        .finally(() => (open -= 1));
      last = written.catch(() => undefined);
      return written;
    },
    busy: () => open > 0,
    idle,
    stop() {
      stopping.abort();
      return idle();
    },
  };
}
