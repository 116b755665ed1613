/**
 * A folder from which an MSSanté connector takes messages, each put there once whatever crashes and whoever takes it
 * away meanwhile. A message is first written aside; a note, made once under the message's id, names that file; moving
 * it into the folder is one rename. A note whose file is gone says that the message was put there.
 */
import { createHash } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `sha256`: hexadecimal, of the bytes that were put there, whichever attempt wrote them. */
export type Dropped = { sha256: string; size: number };

type Note = Dropped & { file: string };

/** Puts bytes under a name; answers what stands (or stood) there. Rejects with what the file system says. */
export async function drop(folder: string, name: string, bytes: Buffer, unique: string): Promise<Dropped> {
  const aside = join(folder, '.passerelle');
  await mkdir(aside, { recursive: true, mode: 0o700 });
  const note = join(aside, `${name}.json`);
  const noted = (await readNote(note)) ?? (await prepare(aside, note, name, bytes, unique));
  // Whoever comes second finds nothing to move: it was put there.
  await rename(join(aside, noted.file), join(folder, name)).catch(unlessMissing);
  await syncFolder(folder);
  const { sha256, size } = noted;
  return { sha256, size };
}

/** Writes the message aside, then the note; when another gateway was first, its note counts. */
async function prepare(
  aside: string,
  note: string,
  name: string,
  bytes: Buffer,
  unique: string,
): Promise<Note> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const made: Note = { file: `${name}.${unique}`, sha256, size: bytes.length };
  const file = join(aside, made.file);
  const draft = join(aside, `${made.file}.note`);
  await writeWhole(file, bytes);
  await writeWhole(draft, Buffer.from(JSON.stringify(made), 'utf8'));
  const first = await link(draft, note).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
      return false;
    },
  );
  await syncFolder(aside);
  await rm(draft, { force: true });
  if (first) return made;
  await rm(file, { force: true });
  return (await readNote(note))!;
}

/** A name is on the disk when its folder is; where folders cannot be opened (Windows) the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** On the disk before anything says that it is. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  await writeFile(path, bytes, { mode: 0o600 });
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readNote(path: string): Promise<Note | undefined> {
  const text = await readFile(path, 'utf8').catch(unlessMissing);
  return text === undefined ? undefined : (JSON.parse(text) as Note);
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
