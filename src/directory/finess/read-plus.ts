/** Reads FINESS+ (one JSON text: `pmej`, each with its `ege`), entity by entity. */
import type { JsonObject } from '../../fhir/types.ts';
import { fileFault } from '../files/fault.ts';
import { jsonObjects } from '../files/json-objects.ts';
import type { SourcePage } from '../types.ts';
import { readEntity } from './plus-entity.ts';
import { createPager, type FinessRun, type FinessTotals } from './run.ts';

const entities = 'pmej';

/** Pages of entities and their sites; `cutAt` is the rank of the entity in which the text ended. */
export async function* readPlus(run: FinessRun): AsyncGenerator<SourcePage, FinessTotals> {
  const pager = createPager(run);
  const totals: FinessTotals = { read: 0, lines: 0, cutAt: undefined, nameless: 0 };
  const told = new Set<string>();
  const objects = jsonObjects(run.name, await run.chunks(), entities);
  for (;;) {
    const step = await objects.next();
    if (step.done) {
      if (!step.value.found && step.value.whole) throw without(run.name);
      if (!step.value.whole) totals.cutAt = totals.lines + 1;
      break;
    }
    run.ask.signal.throwIfAborted();
    for (const { text, rank } of step.value) {
      totals.lines += 1;
      const place = { line: rank + 1, asOf: run.asOf };
      const { records, unread, nameless } = readEntity(parsed(run.name, text, rank), run.issues, place);
      totals.nameless += nameless;
      for (const number of unread) pager.unread(number, rank + 1);
      for (const record of records) {
        if (told.has(record.key)) {
          run.issues.add('line:twice', { line: rank + 1 });
          continue;
        }
        told.add(record.key);
        totals.read += 1;
        if (run.ask.known.has(record.hash)) pager.count(rank + 1);
        else pager.add(record, rank + 1);
      }
    }
    for (const page of pager.full()) {
      yield page;
      run.ask.signal.throwIfAborted();
    }
  }
  const last = pager.last();
  if (last) yield last;
  run.ask.signal.throwIfAborted();
  return totals;
}

function without(file: string): Error {
  const message = `« ${entities} » introuvable : ce n'est pas un fichier des structures FINESS+. Rien n'en est repris.`;
  return fileFault('invalid', { file, line: 1 }, message);
}

function parsed(file: string, text: string, rank: number): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch (cause) {
    throw fileFault('invalid', { file }, `l'entité n° ${rank + 1} n'est pas du JSON : fichier abîmé.`, cause);
  }
}
