/**
 * A ROR export read from files: not NDJSON but one Bundle a slice, `fhir+json` (french-standards §5.4). The files of the
 * newest day are the slices of one export.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Issue } from '../../fhir/issue.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { maySpeakFor, refusedIssue, withinAuthority } from '../authority.ts';
import { dateIssues } from '../files/date-issues.ts';
import { fileFault } from '../files/fault.ts';
import { type FoundFile, newestFiles } from '../files/find-file.ts';
import { dateInName } from '../files/name-date.ts';
import type {
  DirectorySource,
  NamedRecord,
  ReadAsk,
  ReadEnd,
  ReadRecord,
  RecordKind,
  SourcePage,
} from '../types.ts';
import { readSlice } from './read-slice.ts';
import { isHeld, recordOf } from './record.ts';
import { stampOf, whyPartial } from './whole-drop.ts';

export type RorOptions = {
  id: string;
  /** Absolute paths; `*` may stand in the last part. */
  files: readonly string[];
  /** Whose identifiers it may speak for: `system` or `system|beginning of the value`; empty: anybody's (P-14). */
  authority: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
};

/** Largest slice, in bytes: it is parsed whole. */
export const largestSlice = 64 * 1024 * 1024;

export function createRorSource(options: RorOptions): DirectorySource {
  return { id: options.id, kind: 'ror', modes: ['full'], read: (ask) => read(options, ask) };
}

type Checkpoint = { files: string; slice: number };

async function* read(options: RorOptions, ask: ReadAsk): AsyncGenerator<SourcePage, ReadEnd> {
  ask.signal.throwIfAborted();
  const files = await newestFiles(options.files);
  const identity = identityOf(files);
  const resume = ask.resume as Checkpoint | undefined;
  if (resume && resume.files !== identity) {
    const message =
      'les fichiers ont changé depuis le passage interrompu : relancez, il recommencera du début.';
    throw fileFault('conflict', { file: options.files.join(', ') }, message);
  }
  const totals = new Map<RecordKind, number>();
  const told = new Set<string>();
  let asOf: Date | undefined;
  let nameless = 0;
  for (const [slice, file] of files.entries()) {
    ask.signal.throwIfAborted();
    const bytes = await bytesOf(file);
    const { resources, empty, date, issues } = readSlice(file.name, bytes);
    const of = date ?? dateInName(file.name) ?? file.modified;
    if (!asOf || of > asOf) asOf = of;
    const records: ReadRecord[] = [];
    let rows = 0;
    const refused = new Map<RecordKind, number>();
    const foreign = new Map<string, { count: number; place: Issue['source'] }>();
    const unread: NamedRecord[] = [];
    for (const url of empty) name(...typeAndId(url), unread);
    for (const { resource, place } of resources) {
      if (!isHeld(resource.resourceType)) {
        const { count = 0, place: first = place } = foreign.get(resource.resourceType) ?? {};
        foreign.set(resource.resourceType, { count: count + 1, place: first });
        continue;
      }
      const made = take(resource, place, issues, refused, unread);
      if (!made) continue;
      rows += 1;
      if (!ask.known.has(made.hash)) records.push(made);
    }
    for (const [kind, count] of refused) issues.push(refusedIssue(kind, count));
    for (const [type, { count, place }] of foreign) issues.push(foreignIssue(type, count, place));
    if (slice === 0) issues.push(...dateIssues(file.name, of, ask.asOf, new Date(options.now())));
    if (resume && slice <= resume.slice) continue;
    const checkpoint: Checkpoint = { files: identity, slice };
    const digest = createHash('sha256').update(bytes).digest('hex');
    yield { checkpoint, digest, rows, records, unread, removed: [], tally: { bytes: bytes.length }, issues };
  }
  const nothing = told.size > 0 ? undefined : 'aucune ressource dans les tranches lues.';
  const incomplete = nothing ?? (await whyPartial(options.files, files)) ?? whyUnread(nameless);
  return {
    complete: incomplete === undefined,
    ...(incomplete === undefined ? {} : { incomplete }),
    asOf: asOf ?? new Date(options.now()),
    totals: [...totals].map(([kind, count]) => ({ kind, read: count })),
  };

  /** The record of a resource that is the first of its key; one that the export may not speak for is counted. */
  function take(
    resource: AnyResource,
    place: Issue['source'],
    issues: Issue[],
    refused: Map<RecordKind, number>,
    unread: NamedRecord[],
  ): ReadRecord | undefined {
    const made = recordOf(resource);
    const source = place ? { source: place } : {};
    if (!made) {
      const message = 'Ressource sans identifiant ; elle n’est pas reprise.';
      issues.push({ severity: 'error', code: 'required', rule: 'line:identifier', message, ...source });
      name(resource.resourceType, resource.id, unread);
      return undefined;
    }
    if (!maySpeakFor(made.key, { rules: options.authority })) {
      refused.set(made.kind, (refused.get(made.kind) ?? 0) + 1);
      totals.set(made.kind, totals.get(made.kind) ?? 0); // what was held of the kind before the rule is missing now
      return undefined;
    }
    const key = `${made.kind} ${made.key}`;
    if (told.has(key)) {
      const message = 'Deux ressources de l’export ont le même identifiant : la première est gardée.';
      issues.push({ severity: 'warning', code: 'duplicate', rule: 'line:twice', message, ...source });
      return undefined;
    }
    told.add(key);
    totals.set(made.kind, (totals.get(made.kind) ?? 0) + 1);
    return withinAuthority(made, { rules: options.authority });
  }

  /** What cannot be read and says its id is there under that id; what does not may be anything (P-10). */
  function name(type: string | undefined, id: string | undefined, unread: NamedRecord[]): void {
    if (type === undefined || typeof id !== 'string') nameless += 1;
    else if (isHeld(type)) unread.push({ kind: type, remote: id });
  }
}

function typeAndId(url: string | undefined): [type: string | undefined, id: string | undefined] {
  const [, type, id] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(url ?? '') ?? [];
  return [type, id];
}

function whyUnread(nameless: number): string | undefined {
  if (nameless === 0) return undefined;
  return `${nameless} entrée(s) n'ont ni identifiant ni id : rien n'est dit disparu tant qu'elles y sont.`;
}

function foreignIssue(type: string, count: number, place: Issue['source']): Issue {
  return {
    ...{ severity: 'warning', code: 'not-supported', rule: 'line:type' },
    message: `${count} ressource(s) d’un type que l’annuaire ne tient pas (${type.slice(0, 64)}) ; elles ne sont pas reprises.`,
    ...(place ? { source: place } : {}),
  };
}

function identityOf(files: readonly FoundFile[]): string {
  return createHash('sha256').update(stampOf(files)).digest('hex');
}

async function bytesOf(file: FoundFile): Promise<Buffer> {
  if (file.bytes > largestSlice) {
    const message = `tranche de plus de ${largestSlice / 1024 ** 2} Mio : refusée.`;
    throw fileFault('too-large', { file: file.name }, message);
  }
  return readFile(file.path).catch((cause: unknown) => {
    throw fileFault('unavailable', { file: file.name }, 'le fichier ne peut être lu.', cause);
  });
}
