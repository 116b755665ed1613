/** The hospital's records in memory: every version of every resource, with undo for transactions that fail. */
import type { AnyResource } from '../fhir/types.ts';
import { keysOf } from '../fhir/key.ts';

/** One version of a resource; `resource` is absent for a deletion. */
export type Version = {
  type: string;
  id: string;
  versionId: number;
  /** Instant with milliseconds. */
  lastUpdated: string;
  method: 'POST' | 'PUT' | 'DELETE';
  resource?: AnyResource;
};

export type Memory = {
  /** Newest version, which may be a deletion. */
  newest(type: string, id: string): Version | undefined;
  /** All versions, oldest first. */
  versions(type: string, id: string): readonly Version[];
  /** Newest versions of a type that are not deleted, in order of creation. */
  living(type: string): IterableIterator<Version>;
  /** Every version of a type (or of all types) in the order they were written. */
  journal(type?: string): readonly Version[];
  /** Ids of living resources of a type that carry this business identifier (`system|value`). */
  byIdentifier(type: string, key: string): readonly string[];
  /** Adds a version; gives it its number. */
  append(version: Omit<Version, 'versionId'>): Version;
  /** Exchanges a version just written for one with references resolved. */
  replace(version: Version, resource: AnyResource): void;
  /** Runs `work`; when it throws, everything it wrote is gone again. */
  atomically<T>(work: () => T): T;
};

export function createMemory(): Memory {
  const byType = new Map<string, Map<string, Version[]>>();
  const identifiers = new Map<string, Set<string>>();
  const journal: Version[] = [];

  const versionsOf = (type: string, id: string): Version[] => byType.get(type)?.get(id) ?? [];
  const newest = (type: string, id: string): Version | undefined => versionsOf(type, id).at(-1);

  function index(version: Version, present: boolean): void {
    if (!version.resource) return;
    for (const key of keysOf(version.resource)) {
      const slot = `${version.type} ${key}`;
      const ids = identifiers.get(slot) ?? new Set();
      if (present) identifiers.set(slot, ids.add(version.id));
      else if (ids.delete(version.id) && ids.size === 0) identifiers.delete(slot);
    }
  }

  function append(draft: Omit<Version, 'versionId'>): Version {
    const ofType = byType.get(draft.type) ?? new Map<string, Version[]>();
    byType.set(draft.type, ofType);
    const versions = ofType.get(draft.id) ?? [];
    ofType.set(draft.id, versions);
    const before = versions.at(-1);
    if (before) index(before, false);
    const version = { ...draft, versionId: (before?.versionId ?? 0) + 1 };
    versions.push(version);
    journal.push(version);
    index(version, true);
    return version;
  }

  function undo(): void {
    const last = journal.pop()!;
    const versions = versionsOf(last.type, last.id);
    index(last, false);
    versions.pop();
    const before = versions.at(-1);
    if (before) index(before, true);
    else byType.get(last.type)?.delete(last.id);
  }

  return {
    newest,
    versions: versionsOf,
    *living(type) {
      for (const versions of byType.get(type)?.values() ?? []) {
        const version = versions.at(-1);
        if (version?.resource) yield version;
      }
    },
    journal: (type) => (type === undefined ? journal : journal.filter((version) => version.type === type)),
    byIdentifier: (type, key) => [...(identifiers.get(`${type} ${key}`) ?? [])],
    append,
    replace(version, resource) {
      index(version, false);
      version.resource = resource;
      index(version, true);
    },
    atomically(work) {
      const mark = journal.length;
      try {
        return work();
      } catch (error) {
        while (journal.length > mark) undo();
        throw error;
      }
    },
  };
}
