/** An extract opened: its header understood, its date, and its lines as often as they are asked for. */
import type { Issue } from '../../fhir/issue.ts';
import { createCells } from '../files/cells.ts';
import { findColumns } from '../files/columns.ts';
import { createDecoder } from '../files/decoder.ts';
import { fileFault } from '../files/fault.ts';
import type { FoundFile } from '../files/find-file.ts';
import { dateInName } from '../files/name-date.ts';
import { type ByteLimits, openBytes } from '../files/open-bytes.ts';
import { type Block, eachLine, wholeLines } from '../files/whole-lines.ts';
import { activityColumns, type ActivityColumn, activityFamily } from './tables.ts';

export type OpenedExtract = {
  /** Of the text, inside its archive if it has one. */
  name: string;
  asOf: Date;
  columns: Readonly<Record<ActivityColumn, number>>;
  width: number;
  issues: Issue[];
  /** Blocks of lines, the header being line 1 of the first. */
  blocks(): AsyncGenerator<Block>;
};

/** Member of an archive. */
const wanted = new RegExp(`${activityFamily.own.source}.*\\.(txt|csv)$`, 'i');

/**
 * @throws GatewayError (invalid) when the file is empty or lacks a column that nothing works without
 */
export async function openExtract(file: FoundFile, limits?: ByteLimits): Promise<OpenedExtract> {
  const open = (): ReturnType<typeof openBytes> => openBytes(file, wanted, limits);
  const { name, beside = [], chunks } = await open();
  const header = await headerOf(name, chunks);
  const found = findColumns(activityColumns, header);
  const quoted = (list: readonly string[]): string => list.map((one) => `« ${one} »`).join(', ');
  const place = { file: name, line: 1 };
  if (found.missing.length) {
    const message = `colonnes introuvables : ${quoted(found.missing)} ; le fichier n'est pas celui attendu, ou ses colonnes ont été renommées. Rien n'en est repris.`;
    throw fileFault('invalid', place, message);
  }
  if (found.twice.length) {
    throw fileFault('ambiguous', place, `colonnes en double : ${quoted(found.twice)}. Rien n'en est repris.`);
  }
  return {
    name,
    asOf: dateInName(name) ?? dateInName(file.name) ?? file.modified,
    columns: found.at,
    width: found.width,
    issues: [
      ...columnIssues(name, found.absent, found.unknown, quoted),
      ...companionIssues(
        name,
        beside.filter((one) => activityFamily.companions.test(one)),
        quoted,
      ),
    ],
    blocks: () => linesOf(name, open),
  };
}

async function* linesOf(name: string, open: () => ReturnType<typeof openBytes>): AsyncGenerator<Block> {
  yield* wholeLines(name, (await open()).chunks);
}

async function headerOf(name: string, chunks: AsyncIterable<Buffer>): Promise<string[]> {
  for await (const block of wholeLines(name, chunks)) {
    let header: string[] | undefined;
    eachLine(block, (start, end) => {
      header ??= split(createDecoder().decode(block.bytes, start, end, () => undefined));
    });
    if (header) return header;
  }
  throw fileFault('invalid', { file: name, line: 1 }, 'le fichier est vide. Rien n’en est repris.');
}

function split(text: string): string[] {
  const cells = createCells('|');
  return Array.from({ length: cells.lay(text) }, (_, index) => cells.at(index));
}

function columnIssues(
  file: string,
  absent: readonly string[],
  unknown: number,
  quoted: (list: readonly string[]) => string,
): Issue[] {
  if (!absent.length) return [];
  const renamed = unknown ? ` ; ${unknown} colonnes inconnues : renommées ?` : '';
  return [
    {
      severity: 'error',
      code: 'structure',
      rule: 'brake:columns',
      message: `Colonnes introuvables : ${quoted(absent)}${renamed}. Ce qu'elles disaient serait perdu partout.`,
      source: { file, line: 1, column: 1 },
    },
  ];
}

/** The other files of a publication say more of people's know-how and diplomas; nobody should think that it is held. */
function companionIssues(
  file: string,
  companions: readonly string[],
  quoted: (list: readonly string[]) => string,
): Issue[] {
  if (!companions.length) return [];
  const message = `Fichiers de la même archive qui ne sont pas lus : ${quoted(companions)}. Les savoir-faire viennent des lignes d’activité.`;
  return [
    {
      severity: 'information',
      code: 'informational',
      rule: 'file:companions',
      message,
      source: { file, line: 1, column: 1 },
    },
  ];
}
