/** The one file of a kind in a zip archive, as a stream. Sizes (also ZIP64) are declared by the archive and checked as it expands. */
import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { fileFault } from './fault.ts';
import type { FoundFile } from './find-file.ts';
import type { ByteLimits } from './open-bytes.ts';

/** More members than a published archive ever has. */
const mostMembers = 100;

/**
 * Opens the member whose name `wanted` matches.
 * @throws GatewayError when there is none or more than one, when it is encrypted, damaged, or declares too much
 */
export async function openZipMember(
  file: FoundFile,
  wanted: RegExp,
  limits: ByteLimits,
): Promise<{ name: string; beside: string[]; stream: Readable }> {
  const zip = await opened(file);
  try {
    const entries = (await entriesOf(file, zip)).filter(isContent);
    const entry = onlyOne(file, entries, wanted);
    const { uncompressedSize: size, compressedSize } = entry;
    if (entry.isEncrypted()) throw fileFault('not-supported', place(file), 'archive chiffrée : refusée.');
    if (size > limits.expanded || size > 1024 ** 2 * 16 + compressedSize * limits.ratio) {
      const message = `« ${entry.fileName} » se déploierait en ${Math.round(size / 1024 ** 2)} Mio : refusé.`;
      throw fileFault('too-large', place(file), message);
    }
    const beside = entries.filter((one) => one !== entry).map(nameOf);
    return { name: nameOf(entry), beside, stream: await streamOf(zip, entry) };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function place(file: FoundFile): { file: string } {
  return { file: file.name };
}

function damaged(file: FoundFile, cause: unknown): Error {
  return fileFault('invalid', place(file), 'archive endommagée ou coupée : rien n’en est repris.', cause);
}

async function opened(file: FoundFile): Promise<ZipFile> {
  const { default: yauzl } = await import('yauzl'); // late: a gateway that waits opens no archive
  return new Promise((resolve, reject) => {
    yauzl.open(file.path, { lazyEntries: true, autoClose: true }, (error, zip) => {
      if (error) reject(damaged(file, error));
      else resolve(zip);
    });
  });
}

function entriesOf(file: FoundFile, zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > mostMembers) {
    throw fileFault('too-large', place(file), `archive de plus de ${mostMembers} fichiers : refusée.`);
  }
  // Reading past the last entry would close the archive that is still to be read.
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('error', (error) => reject(damaged(file, error)));
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length === zip.entryCount) resolve(entries);
      else zip.readEntry();
    });
    if (zip.entryCount === 0) resolve(entries);
    else zip.readEntry();
  });
}

/** A file that somebody put there: no folder, and nothing that an operating system adds. */
function isContent({ fileName }: Entry): boolean {
  return !/\/$|(^|\/)(\.|__MACOSX\/)/.test(fileName);
}

function nameOf({ fileName }: Entry): string {
  return fileName.replace(/^.*\//, '');
}

function onlyOne(file: FoundFile, entries: readonly Entry[], wanted: RegExp): Entry {
  const found = entries.filter((entry) => wanted.test(nameOf(entry)));
  if (found.length === 1) return found[0]!;
  const message = found.length
    ? `l'archive contient ${found.length} fichiers de ce type ; il en faut exactement un.`
    : "l'archive ne contient pas le fichier attendu.";
  throw fileFault(found.length ? 'ambiguous' : 'not-found', place(file), message);
}

function streamOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      stream.on('close', () => zip.close());
      resolve(stream);
    });
  });
}
