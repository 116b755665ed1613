/** What reading a FINESS file shares, whatever its layout. */
import { createHash } from 'node:crypto';
import type { CountedIssues } from '../files/counted-issues.ts';
import type { Block } from '../files/whole-lines.ts';
import { systems } from '../../fhir/identifiers.ts';
import type { NamedRecord, ReadAsk, ReadRecord, SourcePage } from '../types.ts';
import type { Issue } from '../../fhir/issue.ts';

export type FinessCheckpoint = { file: string; at: number };

export type FinessRun = {
  ask: ReadAsk;
  name: string;
  identity: string;
  /** Day of the file. */
  asOf: string;
  issues: CountedIssues;
  atOnce: readonly Issue[];
  rowsAPage: number;
  blocks(): AsyncGenerator<Block>;
  chunks(): Promise<AsyncIterable<Buffer>>;
};

export type FinessTotals = {
  read: number;
  lines: number;
  /** Line in whose middle the file ends. */
  cutAt: number | undefined;
  /** Lines or entities that cannot be read and do not say what they are about: that one is not missing (P-10). */
  nameless: number;
};

export type Pager = {
  /** A record, and the place (line, or rank of the entity) that a resumed reading goes on after. */
  add(record: ReadRecord, at: number): void;
  /** A row that is known. */
  count(at: number): void;
  /** What could not be read of an establishment that is there. */
  unread(finess: string, at: number): void;
  full(): SourcePage[];
  last(): SourcePage | undefined;
};

/** Pages of records in order; those that a killed run has committed are not told again. */
export function createPager(run: FinessRun): Pager {
  const from = (run.ask.resume as FinessCheckpoint | undefined)?.at ?? 0;
  const pages: SourcePage[] = [];
  let records: ReadRecord[] = [];
  let unread: NamedRecord[] = [];
  let rows = 0;
  let place = 0;
  let first = true;
  const close = (issues: readonly Issue[]): void => {
    const chain = createHash('sha256');
    for (const { hash } of records) chain.update(hash);
    const checkpoint: FinessCheckpoint = { file: run.identity, at: place };
    const own = first ? [...run.atOnce, ...issues] : [...issues];
    first = false;
    pages.push({
      checkpoint,
      digest: chain.digest('hex'),
      rows,
      records,
      unread,
      removed: [],
      tally: {},
      issues: own,
    });
    records = [];
    unread = [];
    rows = 0;
  };
  const counted = (at: number): boolean => {
    if (rows >= run.rowsAPage && at !== place) close([]);
    place = at;
    if (at > from) rows += 1;
    return at > from;
  };
  return {
    add(record, at) {
      if (counted(at)) records.push(record);
    },
    count: (at) => void counted(at),
    unread(finess, at) {
      if (counted(at)) unread.push({ kind: 'Organization', key: `${systems.idNatSt}|1${finess}` });
    },
    full: () => pages.splice(0),
    last() {
      const issues = run.issues.take();
      if (rows || issues.length || (first && run.atOnce.length)) close(issues);
      return pages.pop();
    },
  };
}
