/** Writes the files of a day beside the API: same population, same day, same seed, same bytes. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';
import { draw } from '../population/chance.ts';
import type { Population } from '../population/types.ts';
import { extractFiles } from './extract.ts';
import { finessPlusName, finessPlusText } from './finess-plus.ts';
import { finessFile } from './finess.ts';
import { rorSlices } from './ror.ts';
import { fileBytes } from './spoil.ts';
import { type FileOptions, fileKinds, type RowFile, type WrittenFile } from './types.ts';

/** Errors of the file system pass through; what was written until then stays. */
export async function writeFiles(
  population: Population,
  folder: string,
  options: FileOptions = {},
): Promise<WrittenFile[]> {
  const { kinds = fileKinds } = options;
  await mkdir(folder, { recursive: true });
  const written: WrittenFile[] = [];
  if (kinds.includes('extract')) written.push(...(await writeExtracts(population, folder, options)));
  if (kinds.includes('finess')) {
    written.push(await writeRows(population, folder, finessFile(population), options, options.encoding));
  }
  if (kinds.includes('finess-plus')) written.push(await writePlus(population, folder, options));
  if (kinds.includes('ror')) written.push(...(await writeRor(population, folder, options)));
  return written;
}

async function writeExtracts(
  population: Population,
  folder: string,
  options: FileOptions,
): Promise<WrittenFile[]> {
  const { zip = 'none' } = options;
  const files = extractFiles(population, options.quirks?.shuffled === true);
  const written: WrittenFile[] = [];
  if (zip === 'one') return [await writeZip(population, folder, files, options)];
  for (const file of files) {
    written.push(
      zip === 'each'
        ? await writeZip(population, folder, [file], options)
        : await writeRows(population, folder, file, options),
    );
  }
  return written;
}

function bytesOf(
  population: Population,
  file: RowFile,
  options: FileOptions,
  told: (rows: number) => void,
  encoding: BufferEncoding = 'utf8',
): Readable {
  const seed = draw(population.seed, 45, population.dayNumber);
  return Readable.from(fileBytes(file, { quirks: options.quirks ?? {}, encoding, seed, told }), {
    objectMode: false,
  });
}

async function writeRows(
  population: Population,
  folder: string,
  file: RowFile,
  options: FileOptions,
  encoding?: BufferEncoding,
): Promise<WrittenFile> {
  const path = join(folder, file.name);
  let rows = 0;
  const source = bytesOf(population, file, options, (count) => (rows = count), encoding);
  await pipeline(source, createWriteStream(path), { ...(options.signal && { signal: options.signal }) });
  return { path, rows, bytes: (await stat(path)).size };
}

/** The zip has the date of the day, so that its bytes follow from the seed too. */
async function writeZip(
  population: Population,
  folder: string,
  files: readonly RowFile[],
  options: FileOptions,
): Promise<WrittenFile> {
  const stamp = population.day.replaceAll('-', '');
  const name = files.length > 1 ? `PS_LibreAcces_${stamp}0830.zip` : files[0]!.name.replace(/txt$/, 'zip');
  const path = join(folder, name);
  const archive = new yazl.ZipFile();
  let rows = 0;
  const [year, month, day] = population.day.split('-').map(Number) as [number, number, number];
  for (const file of files) {
    const told = (count: number): void => void (rows += count);
    archive.addReadStream(bytesOf(population, file, options, told), file.name, {
      mtime: new Date(year, month - 1, day, 8, 30),
      forceDosTimestamp: true,
    });
  }
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path), {
    ...(options.signal && { signal: options.signal }),
  });
  return { path, rows, bytes: (await stat(path)).size };
}

async function writePlus(population: Population, folder: string, options: FileOptions): Promise<WrittenFile> {
  const path = join(folder, finessPlusName(population));
  let rows = 0;
  const text = finessPlusText(population, (count) => (rows += count));
  await pipeline(Readable.from(text), createWriteStream(path), {
    ...(options.signal && { signal: options.signal }),
  });
  return { path, rows, bytes: (await stat(path)).size };
}

async function writeRor(
  population: Population,
  folder: string,
  { slice = 200, signal }: FileOptions,
): Promise<WrittenFile[]> {
  const written: WrittenFile[] = [];
  for (const bundle of rorSlices(population, slice)) {
    const number = String(written.length + 1).padStart(4, '0');
    const path = join(folder, `ror-export-${population.day.replaceAll('-', '')}-${number}.json`);
    const text = `${JSON.stringify(bundle)}\n`;
    await writeFile(path, text, { ...(signal && { signal }) });
    written.push({ path, rows: (bundle['entry'] as unknown[]).length, bytes: Buffer.byteLength(text) });
  }
  return written;
}
