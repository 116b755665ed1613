/** Last pass: the descriptions that are kept, as records. */
import { createHash } from 'node:crypto';
import type { Issue } from '../../fhir/issue.ts';
import type { Digest } from '../files/digest.ts';
import { eachLine } from '../files/whole-lines.ts';
import type { ReadRecord, SourcePage } from '../types.ts';
import { digestOfHash, hashOf } from './line-hash.ts';
import type { LineAt } from './line-reader.ts';
import type { ExtractCheckpoint } from './read-extract.ts';
import { personRecord, roleDigest, roleRecord, structureRecord } from './records.ts';
import type { ExtractRun } from './run.ts';
import type { HeldLine } from './settle-held.ts';
import type { Winners } from './winners.ts';

/** Pages of records; those of the lines up to `from` were committed by a run that was killed. `held`: the only lines to look at. */
export async function* tellRecords(
  run: ExtractRun,
  held: readonly HeldLine[] | undefined,
  from: number,
): AsyncGenerator<SourcePage> {
  let told = 0;
  let page: ReadRecord[] = [];
  let full: SourcePage[] = [];
  const close = (issues: Issue[] = []): void => {
    const records = page;
    page = [];
    const chain = createHash('sha256');
    for (const record of records) chain.update(record.hash);
    const checkpoint: ExtractCheckpoint = { file: run.identity, lines: Number.MAX_SAFE_INTEGER, told };
    const rest = { rows: 0, records, removed: [], tally: {}, issues };
    full.push({ checkpoint, digest: chain.digest('hex'), ...rest });
  };
  const tell = createTeller(run, (record) => {
    if (told > from) page.push(record);
  });
  const tellLine = (bytes: Buffer, at: LineAt): void => {
    told = at.number;
    tell(bytes, at);
    if (page.length >= run.recordsAPage) close();
  };
  for await (const lines of run.settled.persons.size > 0 ? linesOf(run, held) : []) {
    run.ask.signal.throwIfAborted();
    lines(tellLine);
    for (const one of full) {
      yield one;
      run.ask.signal.throwIfAborted();
    }
    full = [];
  }
  const issues = run.issues.take();
  if (page.length || issues.length) close(issues);
  yield* full;
  run.ask.signal.throwIfAborted();
}

/** Some lines, each shown to a visitor. */
type Lines = (visit: (bytes: Buffer, at: LineAt) => void) => void;

async function* linesOf(run: ExtractRun, held: readonly HeldLine[] | undefined): AsyncGenerator<Lines> {
  for (const { bytes, number } of held ?? [])
    yield (visit) => visit(bytes, { start: 0, end: bytes.length, number });
  if (held) return;
  for await (const block of run.extract.blocks())
    yield (visit) =>
      eachLine(block, (start, end, number) => {
        if (number > 1) visit(block.bytes, { start, end, number });
      });
}

/** Tells of a line what it is the kept description of. */
function createTeller(
  { settled, reader, ask, issues }: ExtractRun,
  add: (record: ReadRecord) => void,
): (bytes: Buffer, at: LineAt) => void {
  const { roles, persons, structures, qualifications, lines } = settled;
  const { line } = reader;
  const apart = new Set<string>();
  return (bytes, at) => {
    const { number } = at;
    const role = lines.role(number);
    const structure = lines.structure(number);
    if (role < 0 && structure < 0) return;
    const person = reader.read(bytes, at, { loud: false, cut: false });
    if (person === undefined) return;
    if (role >= 0) {
      tellRole(person, role, bytes.subarray(at.start, at.end), number);
      const place = lines.person(number);
      if (persons.line(place) === number) add(personRecord(line, person, qualifications.of(place)));
      else if (contradicts(persons, place, line.personContent))
        issues.add('person:contradiction', { line: number });
    }
    if (structure < 0) return;
    if (structures.line(structure) === number) add(structureRecord(line, line.structure()!));
    else if (contradicts(structures, structure, line.structureContent))
      issues.add('structure:contradiction', { line: number });
  };

  function tellRole(person: string, place: number, bytes: Buffer, number: number): void {
    const lineHash = hashOf(bytes);
    if (ask.known.has(lineHash)) return;
    for (const rule of line.faults()) issues.add(rule, { line: number });
    const digest = roleDigest(line.identity(person, line.structure()));
    // What is held keeps its key: a second line of the same activity gets one of its own.
    if (!roles.marked(place)) {
      if (roles.line(place) === number) return add(roleRecord(line, person, { digest, lineHash }));
      if (roles.wins(place, digestOfHash(lineHash))) return; // the same line once more
    }
    issues.add('role:twice', { line: number });
    const own = `${digest}~${lineHash.toString('base64url').slice(0, 11)}`;
    if (apart.has(own)) return;
    apart.add(own);
    add(roleRecord(line, person, { digest: own, lineHash }));
  }
}

function contradicts(among: Winners, place: number, content: { digest(): Digest }): boolean {
  return among.contested(place) && !among.wins(place, content.digest());
}
