/** Last pass: the descriptions that are kept, as records. */
import { createHash } from 'node:crypto';
import type { Issue } from '../../fhir/issue.ts';
import { eachLine } from '../files/whole-lines.ts';
import type { ReadRecord, SourcePage } from '../types.ts';
import { digestOfHash, hashOf } from './line-hash.ts';
import type { ExtractCheckpoint } from './read-extract.ts';
import { personRecord, roleDigest, roleRecord, structureRecord } from './records.ts';
import type { ExtractRun } from './run.ts';
import type { HeldLine } from './settle-held.ts';
import { digestOf } from './winners.ts';

/** Pages of records; those of the lines up to `from` were committed by a run that was killed. `held`: the only lines to look at. */
export async function* tellRecords(
  run: ExtractRun,
  held: readonly HeldLine[] | undefined,
  from: number,
): AsyncGenerator<SourcePage> {
  let at = 0;
  let page: ReadRecord[] = [];
  const add = (record: ReadRecord): void => {
    if (at > from) page.push(record);
  };
  const told = (issues: Issue[] = []): SourcePage => {
    const records = page;
    page = [];
    const chain = createHash('sha256');
    for (const record of records) chain.update(record.hash);
    const checkpoint: ExtractCheckpoint = {
      file: run.identity,
      lines: Number.MAX_SAFE_INTEGER,
      told: at,
    };
    return { checkpoint, digest: chain.digest('hex'), rows: 0, records, removed: [], tally: {}, issues };
  };
  const tell = createTeller(run, add);
  const anything = run.settled.persons.size > 0;
  for await (const lines of anything ? linesOf(run, held) : []) {
    run.ask.signal.throwIfAborted();
    for (const { bytes, number } of lines) {
      at = number;
      tell(bytes, number);
      if (page.length < run.recordsAPage) continue;
      yield told();
      run.ask.signal.throwIfAborted();
    }
  }
  const issues = run.issues.take();
  if (page.length || issues.length) yield told(issues);
  run.ask.signal.throwIfAborted();
}

async function* linesOf(
  run: ExtractRun,
  held: readonly HeldLine[] | undefined,
): AsyncGenerator<Iterable<HeldLine>> {
  if (held) return void (yield held);
  for await (const block of run.extract.blocks()) {
    const lines: HeldLine[] = [];
    eachLine(block, (start, end, number) => {
      if (number > 1) lines.push({ bytes: block.bytes.subarray(start, end), number });
    });
    yield lines;
  }
}

/** Tells of a line what it is the kept description of. */
function createTeller(
  { settled, reader, ask, issues }: ExtractRun,
  add: (record: ReadRecord) => void,
): (bytes: Buffer, number: number) => void {
  const { roles, persons, structures, qualifications } = settled;
  const { line } = reader;
  const apart = new Set<string>();
  return (bytes, number) => {
    const person = reader.read(bytes, number, { loud: false, cut: false });
    if (person === undefined) return;
    const personPlace = persons.find(digestOf(person));
    if (personPlace >= 0) {
      tellRole(person);
      if (persons.wins(personPlace, digestOf(line.personContent()))) {
        if (persons.first(personPlace)) add(personRecord(line, person, qualifications.of(personPlace)));
      } else issues.add('person:contradiction', { line: number });
    }
    const structure = line.structure();
    if (structure === undefined) return;
    const place = structures.find(digestOf(structure));
    if (place < 0) return;
    if (structures.wins(place, digestOf(line.structureContent()))) {
      if (structures.first(place)) add(structureRecord(line, structure));
    } else issues.add('structure:contradiction', { line: number });

    function tellRole(of: string): void {
      const identity = line.identity(of, line.structure());
      const place = roles.find(digestOf(identity));
      if (place < 0) return;
      const lineHash = hashOf(bytes);
      if (ask.known.has(lineHash)) return;
      for (const rule of line.faults()) issues.add(rule, { line: number });
      const digest = roleDigest(identity);
      // What is held keeps its key: a second line of the same activity gets one of its own.
      if (!roles.marked(place) && roles.wins(place, digestOfHash(lineHash))) {
        if (roles.first(place)) add(roleRecord(line, of, { digest, lineHash }));
        return;
      }
      issues.add('role:twice', { line: number });
      const own = `${digest}~${lineHash.toString('base64url').slice(0, 11)}`;
      if (apart.has(own)) return;
      apart.add(own);
      add(roleRecord(line, of, { digest: own, lineHash }));
    }
  };
}
