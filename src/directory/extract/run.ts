import type { CountedIssues } from '../files/counted-issues.ts';
import type { ReadAsk } from '../types.ts';
import type { LineReader } from './line-reader.ts';
import type { OpenedExtract } from './open-extract.ts';
import type { Settled } from './settle.ts';

/** What the steps of one reading share. */
export type ExtractRun = {
  ask: ReadAsk;
  extract: OpenedExtract;
  issues: CountedIssues;
  settled: Settled;
  /** Of the file: name, size and date of change. */
  identity: string;
  reader: LineReader;
  linesAPage: number;
  recordsAPage: number;
};
