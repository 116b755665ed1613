/** A directory in memory whose days a test writes; it answers like a source does, page by page. */
import { createHash } from 'node:crypto';
import type {
  DirectorySource,
  Facts,
  NamedRecord,
  ReadEnd,
  ReadRecord,
  ReadRemoval,
  RecordKind,
  SourcePage,
} from '../../src/directory/types.ts';
import type { Issue } from '../../src/fhir/issue.ts';

export const personSystem = 'urn:oid:1.2.250.1.71.4.2.1';
export const finessSystem = 'https://finess.esante.gouv.fr';
export const roleSystem = 'https://rpps.esante.gouv.fr';

export type Said = {
  kind: RecordKind;
  key: string;
  name?: string;
  state?: 'active' | 'closed';
  remoteId?: string;
  remoteVersion?: string;
  facts?: Facts;
};

export type Script = {
  id?: string;
  records: Said[];
  /** What a delta shows; absent: only full readings. */
  delta?: Said[];
  removed?: ReadRemoval[];
  unread?: NamedRecord[];
  pageSize?: number;
  complete?: boolean;
  asOf?: Date;
  issues?: Issue[];
  derived?: RecordKind[];
  /** Kinds that a reading asks for, and gives totals of. */
  kinds?: RecordKind[];
  readsAhead?: boolean;
  /** Called before a page is given; may throw. */
  before?: (page: number) => void | Promise<void>;
};

const usual: RecordKind[] = ['Practitioner', 'PractitionerRole', 'Organization'];

/** A source and how many pages it gave. */
export type ScriptedSource = DirectorySource & { given: number };

export function scriptedSource(script: Script): ScriptedSource {
  const { id = 'essai', pageSize = 2, derived, readsAhead, kinds = usual } = script;
  return {
    id,
    kind: 'annuaire',
    modes: script.delta ? ['full', 'delta'] : ['full'],
    ...(derived ? { derived } : {}),
    ...(readsAhead ? { readsAhead } : {}),
    given: 0,
    async *read({ mode, resume, known, signal }): AsyncGenerator<SourcePage, ReadEnd> {
      const said = mode === 'delta' ? script.delta! : script.records;
      const count = Math.max(1, Math.ceil(said.length / pageSize));
      for (let page = resume === undefined ? 0 : Number(resume) + 1; page < count; page += 1) {
        signal.throwIfAborted();
        await script.before?.(page);
        const rows = said.slice(page * pageSize, (page + 1) * pageSize).map(readRecord);
        this.given += 1;
        yield {
          checkpoint: page,
          digest: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
          rows: rows.length,
          records: rows.filter(({ kind, hash }) => derived?.includes(kind) || !known.has(hash)),
          removed: page === count - 1 ? (script.removed ?? []) : [],
          ...(page === 0 && script.unread ? { unread: script.unread } : {}),
          tally: { requests: 1 },
          issues: page === 0 ? (script.issues ?? []) : [],
        };
      }
      return {
        complete: script.complete ?? true,
        ...(script.complete === false ? { incomplete: 'Il manque des pages.' } : {}),
        ...(script.delta ? { cursor: { since: 1 } } : {}),
        asOf: script.asOf ?? new Date('2026-11-01T00:00:00Z'),
        totals: kinds.map((kind) => ({ kind, read: said.filter((one) => one.kind === kind).length })),
      };
    },
  };
}

/** As a source gives it. */
export function readRecord({
  kind,
  key,
  name = key,
  state = 'active',
  remoteId,
  remoteVersion,
  facts,
}: Said): ReadRecord {
  const [system, value] = key.split('|');
  const content = JSON.stringify({
    ...{ resourceType: kind, identifier: [{ system, value }], active: state === 'active' },
    ...(kind === 'Organization' ? { name } : {}),
    ...(kind === 'Practitioner' ? { name: [{ text: name }] } : {}),
    ...(kind === 'PractitionerRole'
      ? { availabilityExceptions: `${name} ${JSON.stringify(facts ?? {})}` }
      : {}),
  });
  return {
    ...{ kind, key, state, form: 'fhir', content, hash: createHash('sha256').update(content).digest() },
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(remoteVersion === undefined ? {} : { remoteVersion }),
    facts: { name, ...facts },
  };
}

export function person(value: number, rest: Partial<Said> = {}): Said {
  return { kind: 'Practitioner', key: `${personSystem}|8109${String(value).padStart(8, '0')}`, ...rest };
}
export function place(value: number, rest: Partial<Said> = {}): Said {
  return { kind: 'Organization', key: `${finessSystem}|99${String(value).padStart(7, '0')}`, ...rest };
}
export function role(value: number, rest: Partial<Said> = {}): Said {
  return { kind: 'PractitionerRole', key: `${roleSystem}|109${String(value).padStart(8, '0')}`, ...rest };
}
