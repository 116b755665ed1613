/**
 * Reads an extract: every line is hashed, and what is known costs no more. Then what the others speak of is settled over all
 * lines that speak of it, so that the order of the lines does not show, and told as records.
 */
import type { CountedIssues } from '../files/counted-issues.ts';
import { countIssues } from '../files/counted-issues.ts';
import { dateIssues } from '../files/date-issues.ts';
import { fileFault } from '../files/fault.ts';
import { newestFile } from '../files/find-file.ts';
import { activityFamily } from './tables.ts';
import type { ReadAsk, ReadEnd, SourcePage } from '../types.ts';
import { createLineReader } from './line-reader.ts';
import { openExtract } from './open-extract.ts';
import type { ExtractOptions } from './source.ts';
import { createSettled } from './settle.ts';
import { type LinesRead, readLines } from './read-lines.ts';
import { settleHeld } from './settle-held.ts';
import { tellRecords } from './tell-records.ts';
import { extractWords } from './words.ts';

/** Where reading goes on: lines that were read; then, in the telling, the last line whose records were told. */
export type ExtractCheckpoint = { file: string; lines: number; told: number };

/** @throws GatewayError (side directory) when the file cannot be read or is not the one that a killed run had begun */
export async function* readExtract(
  options: ExtractOptions,
  ask: ReadAsk,
): AsyncGenerator<SourcePage, ReadEnd> {
  ask.signal.throwIfAborted();
  const file = await newestFile(options.files, activityFamily);
  const identity = `${file.name} ${file.bytes} ${file.modified.toISOString()}`;
  const resume = ask.resume as ExtractCheckpoint | undefined;
  if (resume && resume.file !== identity) {
    const message = 'le fichier a changé depuis le passage interrompu : relancez, il recommencera du début.';
    throw fileFault('conflict', { file: file.name }, message);
  }
  const extract = await openExtract(file, options.limits);
  const issues: CountedIssues = countIssues(extract.name, extractWords);
  const now = new Date(options.now());
  const atOnce = [...extract.issues, ...dateIssues(extract.name, extract.asOf, ask.asOf, now)];
  const settled = createSettled();
  const run = {
    ask,
    extract,
    issues,
    settled,
    identity,
    reader: createLineReader(extract, issues),
    linesAPage: options.linesAPage ?? 50_000,
    recordsAPage: options.recordsAPage ?? 2500,
  };
  const read = yield* readLines(run, atOnce, resume);
  const everything = resume !== undefined || !read.known;
  const held = !everything && settled.persons.size ? await settleHeld(run) : undefined;
  for (const winners of [settled.roles, settled.persons, settled.structures]) winners.seal();
  yield* tellRecords(run, held, resume?.told ?? 0);
  const all = everything && settled.persons.size > 0;
  return {
    ...proof(extract.name, read),
    asOf: extract.asOf,
    totals: [
      { kind: 'PractitionerRole', read: read.roles },
      ...(all ? [{ kind: 'Practitioner' as const, read: settled.persons.size }] : []),
      ...(all ? [{ kind: 'Organization' as const, read: settled.structures.size }] : []),
    ],
  };
}

/** The file says no total: it is complete when it ends where a line does, and every line says whom it is about. */
function proof(
  file: string,
  { lines, cutAt, nameless }: LinesRead,
): { complete: boolean; incomplete?: string } {
  if (cutAt !== undefined) {
    const incomplete = `${file} s'arrête au milieu de la ligne ${cutAt} : il a été coupé.`;
    return { complete: false, incomplete };
  }
  if (lines === 0) return { complete: false, incomplete: `${file} n'a que son en-tête.` };
  if (nameless > 0) {
    const incomplete = `${nameless} ligne(s) de ${file} n'ont pu être reprises et ne disent pas de qui elles parlent : personne n'est dit disparu tant qu'elles y sont.`;
    return { complete: false, incomplete };
  }
  return { complete: true };
}
