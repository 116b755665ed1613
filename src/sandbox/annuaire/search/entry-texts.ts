/** Entries of pages as JSON, kept while what they are written from stays: a directory read each night is mostly the one of yesterday. */
import type { Entry } from '../population/types.ts';
import { withElements } from './elements.ts';

export type EntryTexts = {
  of(entry: Entry, mode: 'match' | 'include', base: string, elements: readonly string[] | undefined): string;
};

/** A record as it was written: any change of it, and a change of platform, gives it another version or instant. */
type Written = { versionId: string; updatedAt: number; active: boolean; remoteId: string; resource: string };

/** `most`: records kept, some 1.5 kB each. A scan of more than that finds nothing again, and is kept for nobody. */
export function createEntryTexts(most: number): EntryTexts {
  const kept = new Map<string, Written>();
  return {
    of(entry, mode, base, elements) {
      const { remoteId, resource } = elements ? writtenOf(entry, elements) : keptOf(entry);
      return `{"fullUrl":"${base}/${entry.type}/${remoteId}","resource":${resource},"search":{"mode":"${mode}"}}`;
    },
  };

  function keptOf(entry: Entry): Written {
    const name = `${entry.type}/${entry.index}`;
    const found = kept.get(name);
    if (found && isStill(found, entry)) return found;
    const written = writtenOf(entry);
    if (found || kept.size < most) kept.set(name, written);
    return written;
  }
}

function writtenOf(entry: Entry, elements?: readonly string[]): Written {
  const { versionId, updatedAt, active, remoteId } = entry;
  const resource = JSON.stringify(withElements(entry.resource(), elements));
  return { versionId, updatedAt, active, remoteId, resource };
}

function isStill(written: Written, { versionId, updatedAt, active }: Entry): boolean {
  return written.versionId === versionId && written.updatedAt === updatedAt && written.active === active;
}
