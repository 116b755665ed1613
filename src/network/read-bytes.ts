import { open } from 'node:fs/promises';
import type { Issue } from '../fhir/issue.ts';
import { fault, startOf } from './fault.ts';

/** Largest network file or list: 5 MiB, some 20,000 members. */
export const maxBytes = 5 * 1024 * 1024;

/** The bytes of a regular file within the limit; its size is looked at before anything is read. */
export async function readBytes(
  path: string,
  file: string,
): Promise<{ bytes?: Uint8Array; issues: Issue[] }> {
  let handle;
  try {
    handle = await open(path, 'r');
    const status = await handle.stat();
    if (!status.isFile()) return { issues: [fault(startOf(file), 'invalid', 'Ce n’est pas un fichier.')] };
    if (status.size > maxBytes) {
      const megabytes = Math.round(status.size / 1_000_000);
      const message = `Le fichier fait ${megabytes} Mo ; la limite est de 5 Mo.`;
      return { issues: [fault(startOf(file), 'too-long', message)] };
    }
    const bytes = Buffer.alloc(status.size);
    const { bytesRead } = await handle.read(bytes, 0, status.size, 0);
    return { bytes: bytes.subarray(0, bytesRead), issues: [] };
  } catch (error) {
    return { issues: [fault(startOf(file), 'not-found', whyNot(error))] };
  } finally {
    await handle?.close();
  }
}

function whyNot(error: unknown): string {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'Fichier introuvable.';
  if (code === 'EACCES' || code === 'EPERM') return 'Lecture du fichier refusée par le système.';
  if (code === 'EISDIR') return 'Ce n’est pas un fichier.';
  return `Fichier illisible (${code || 'cause inconnue'}).`;
}
