/** First pass: every line is hashed. What is not known is read and taken into account. */
import { createHash, type Hash } from 'node:crypto';
import type { Issue } from '../../fhir/issue.ts';
import { eachLine } from '../files/whole-lines.ts';
import type { NamedRecord, SourcePage } from '../types.ts';
import { digestOfHash, hashBytes, hashLine } from './line-hash.ts';
import type { ExtractCheckpoint } from './read-extract.ts';
import { createRefusedLines } from './refused.ts';
import type { ExtractRun } from './run.ts';
import { settleLine } from './settle.ts';

export type LinesRead = {
  lines: number;
  /** Lines that are roles. */
  roles: number;
  /** How many of them were held before. */
  known: number;
  /** The line in whose middle the file ends. */
  cutAt: number | undefined;
  /** Lines that cannot be read and do not say whom they are about: that one is not missing (P-10). */
  nameless: number;
};

/**
 * Pages of lines, without records. Those that a killed run has committed are read again, for what they mark as seen, but not
 * told again; what that run had staged is known now, so that all lines are taken into account, as it had begun to. A page's
 * digest is over the hashes of its lines.
 */
export async function* readLines(
  run: ExtractRun,
  atOnce: readonly Issue[],
  resume: ExtractCheckpoint | undefined,
): AsyncGenerator<SourcePage, LinesRead> {
  const { ask, settled, reader } = run;
  const from = resume?.lines ?? 0;
  const read: LinesRead = { lines: 0, roles: 0, known: 0, cutAt: undefined, nameless: 0 };
  const refused = createRefusedLines(run.extract.width);
  const lineHash = Buffer.alloc(hashBytes);
  let page = newPage();
  let headerPassed = false;
  let issues = atOnce;
  const told = (): SourcePage => {
    const checkpoint: ExtractCheckpoint = { file: run.identity, lines: read.lines, told: 0 };
    const { rows, bytes, unread } = page;
    const digest = page.chain.digest('hex');
    page = newPage();
    const mine = issues;
    issues = [];
    const nothing = { records: [], removed: [] };
    return { ...nothing, checkpoint, digest, rows, unread, tally: { bytes }, issues: [...mine] };
  };

  for await (const block of run.extract.blocks()) {
    ask.signal.throwIfAborted();
    page.bytes += block.bytes.length;
    const hashes = Buffer.allocUnsafe(block.lines * hashBytes);
    let filled = 0;
    eachLine(block, (start, end, number) => {
      if (!headerPassed) return void (headerPassed = true);
      const line = block.bytes.subarray(start, end);
      hashLine(line, lineHash);
      lineHash.copy(hashes, filled);
      filled += hashBytes;
      if (ask.known.has(lineHash)) {
        read.known += 1;
        if (!resume) {
          refused.pass();
          read.roles += 1;
          return;
        }
      }
      const person = reader.read(block.bytes, { start, end, number }, { loud: true, cut: block.cut });
      if (block.cut && !reader.whole) read.cutAt = number;
      if (person === undefined) return void page.unread.push(...refused.add(reader.refused()));
      refused.pass();
      read.roles += 1;
      settleLine(settled, reader.line, { person, digest: digestOfHash(lineHash), number });
    });
    page.chain.update(hashes.subarray(0, filled));
    page.rows += filled / hashBytes;
    read.lines += filled / hashBytes;
    if (page.rows >= run.linesAPage) {
      if (read.lines > from) yield told();
      else page = newPage();
    }
  }
  if (page.rows && read.lines > from) yield told();
  refused.pass();
  read.nameless = refused.nameless;
  return read;
}

function newPage(): { rows: number; bytes: number; chain: Hash; unread: NamedRecord[] } {
  return { rows: 0, bytes: 0, chain: createHash('sha256'), unread: [] };
}
