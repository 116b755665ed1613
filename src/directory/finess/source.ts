/** FINESS establishments, in both layouts that are published. */
import { dateIssues } from '../files/date-issues.ts';
import { countIssues } from '../files/counted-issues.ts';
import { fileFault } from '../files/fault.ts';
import { newestFile } from '../files/find-file.ts';
import { dateInName } from '../files/name-date.ts';
import { type ByteLimits, openBytes } from '../files/open-bytes.ts';
import { wholeLines } from '../files/whole-lines.ts';
import type { DirectorySource, ReadAsk, ReadEnd, SourcePage } from '../types.ts';
import { readEtalab } from './read-etalab.ts';
import { readPlus } from './read-plus.ts';
import type { FinessCheckpoint, FinessRun, FinessTotals } from './run.ts';
import { dayOf } from './structure.ts';
import { finessWords } from './words.ts';

export type FinessOptions = {
  id: string;
  /** Absolute paths; `*` may stand in the last part. The newest by the date in its name is read. */
  files: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
  rowsAPage?: number;
  limits?: ByteLimits;
};

const wanted = /(finess|etalab|etablissement|structure).*\.(csv|txt|json)$/i;

/** Sites, and legal entities where the layout has them; a site is part of its legal entity. */
export function createFinessSource(options: FinessOptions): DirectorySource {
  return {
    ...{ id: options.id, kind: 'finess', modes: ['full'], readsAhead: true },
    read: (ask) => read(options, ask),
  };
}

async function* read(options: FinessOptions, ask: ReadAsk): AsyncGenerator<SourcePage, ReadEnd> {
  ask.signal.throwIfAborted();
  const file = await newestFile(options.files);
  const identity = `${file.name} ${file.bytes} ${file.modified.toISOString()}`;
  const resume = ask.resume as FinessCheckpoint | undefined;
  if (resume && resume.file !== identity) {
    const message = 'le fichier a changé depuis le passage interrompu : relancez, il recommencera du début.';
    throw fileFault('conflict', { file: file.name }, message);
  }
  const open = (): ReturnType<typeof openBytes> => openBytes(file, wanted, options.limits);
  const { name, chunks } = await open();
  const head = await headOf(name, chunks);
  const asOf = dateIn(head) ?? dateInName(name) ?? dateInName(file.name) ?? file.modified;
  const issues = countIssues(name, finessWords);
  const run: FinessRun = {
    ask,
    name,
    identity,
    asOf: asOf.toISOString().slice(0, 10),
    issues,
    atOnce: dateIssues(name, asOf, ask.asOf, new Date(options.now())),
    rowsAPage: options.rowsAPage ?? 2500,
    async *blocks() {
      yield* wholeLines(name, (await open()).chunks);
    },
    chunks: async () => (await open()).chunks,
  };
  const totals = yield* head.startsWith('{') ? readPlus(run) : readEtalab(run);
  return {
    ...proof(name, totals),
    asOf,
    totals: [{ kind: 'Organization', read: totals.read }],
  };
}

function proof(
  file: string,
  { read, cutAt, nameless }: FinessTotals,
): { complete: boolean; incomplete?: string } {
  if (cutAt !== undefined) {
    return {
      complete: false,
      incomplete: `${file} s'arrête au milieu de sa ligne ou entité ${cutAt} : il a été coupé.`,
    };
  }
  if (read === 0) return { complete: false, incomplete: `${file} ne décrit aucun établissement.` };
  if (nameless > 0) {
    const incomplete = `${nameless} ligne(s) ou entité(s) de ${file} n'ont pu être reprises et n'ont pas de numéro FINESS lisible : aucun établissement n'est dit disparu tant qu'elles y sont.`;
    return { complete: false, incomplete };
  }
  return { complete: true };
}

/** The first characters, where the layout and the date show. */
async function headOf(name: string, chunks: AsyncIterable<Buffer>): Promise<string> {
  for await (const chunk of chunks) {
    const head = chunk
      .subarray(0, 4096)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart();
    if (head) return head;
  }
  throw fileFault('invalid', { file: name, line: 1 }, 'le fichier est vide. Rien n’en est repris.');
}

/** `finess;etalab;98;2026-05-12` or `"generatedAt": "2026-08-01T02:06:22Z"`. */
function dateIn(head: string): Date | undefined {
  const [first = ''] = head.split(/\r?\n/, 1);
  const text =
    /"generatedAt"\s*:\s*"([^"]{10,40})"/.exec(head)?.[1] ??
    /^finess;[^;]*;[^;]*;([^;]{10})/.exec(first)?.[1];
  if (!text || !dayOf(text)) return undefined;
  const date = new Date(text.length > 10 ? text : `${dayOf(text)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
