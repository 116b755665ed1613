/**
 * A network one list of which is a CSV file of any length, read page by page: the list is never held as a whole. Its file
 * may be read several times.
 */
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Issue } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { SourceRecord } from '../mapping/types.ts';
import { csvRows } from '../tabular/csv-rows.ts';
import { type Encoding, encodingDetector } from '../tabular/encoding.ts';
import { decisionsField } from './decisions.ts';
import type { Kind } from './kind.ts';
import { planColumns } from './list-columns.ts';
import { type ListEntry, listEntry } from './list-entry.ts';
import { type RowReader, rowReader } from './list-rows.ts';
import { insideOf } from './lists.ts';
import type { Network } from './network.ts';
import { networkOf, readFields } from './read.ts';
import type { Shape } from './shape.ts';
import { isTable } from './table.ts';
import { flatten, type Tree } from './tree.ts';

/** Rows of one page: enough to be quick, few enough to be small. */
export const pageLength = 500;

export type PagedNetwork = {
  /** The network with the list empty. */
  network: Network;
  kind: Kind;
  /** Field of the list. */
  list: string;
  /**
   * The network again and again, each time with the next rows as its list; faults of the file go to `issues`. `before` is
   * the number of rows on earlier pages.
   */
  pages: (issues: Issue[]) => AsyncGenerator<{ record: SourceRecord; before: number }>;
};

type Source = { path: string; file: string; encoding: Encoding; entry: ListEntry; item: Shape | undefined };

/**
 * Undefined for a network that has no such list, or more than one, or something else that wants it whole: it is read by
 * `readNetwork`. So is one whose file or list cannot be opened, to have its faults told.
 */
export async function openPaged(
  file: string,
  kinds: ReadonlyMap<string, Kind>,
): Promise<PagedNetwork | undefined> {
  const { tree, text } = await readFields(file);
  if (!tree || isTable(tree)) return undefined;
  const fields = tree.value;
  const name = fields.get('kind')?.value;
  const kind = typeof name === 'string' ? kinds.get(name) : undefined;
  const entries = [...fields].flatMap(([list, { value }]) =>
    Array.isArray(value) ? value.flatMap((item) => entryOf(list, item)) : [],
  );
  const [found] = entries;
  if (!kind || !found || entries.length > 1 || fields.has(decisionsField)) return undefined;
  const field = kind.shape.fields.get(found.list);
  const source = field?.inFile ? await sourceOf(file, found.entry, field.item) : undefined;
  if (!source) return undefined;
  const list = fields.get(found.list)!;
  const inline = (list.value as Tree[]).filter((item) => item !== found.item);
  list.value = [];
  const network = networkOf(file, tree, text);
  return {
    network,
    kind,
    list: found.list,
    pages: (issues) => pagesOf(network, found.list, inline, source, issues),
  };
}

function entryOf(list: string, item: Tree): { list: string; item: Tree; entry: ListEntry }[] {
  const issues: Issue[] = [];
  const entry = listEntry(item, issues);
  return entry && issues.length === 0 ? [{ list, item, entry }] : [];
}

/** A CSV file beside the network whose encoding is one. */
async function sourceOf(
  file: string,
  entry: ListEntry,
  item: Shape | undefined,
): Promise<Source | undefined> {
  const path = await insideOf(dirname(file), entry.file);
  if (path === undefined) return undefined;
  const detector = encodingDetector();
  let first = true;
  for await (const piece of createReadStream(path) as AsyncIterable<Uint8Array>) {
    const isCsv = !first || !((piece[0] === 0x50 && piece[1] === 0x4b) || piece[0] === 0xd0);
    if (!isCsv) return undefined;
    first = false;
    detector.add(piece);
  }
  const detected = detector.end();
  if (!('encoding' in detected)) return undefined;
  return { path, file: join(dirname(file), entry.file), encoding: detected.encoding, entry, item };
}

async function* pagesOf(
  network: Network,
  list: string,
  inline: readonly Tree[],
  source: Source,
  issues: Issue[],
): AsyncGenerator<{ record: SourceRecord; before: number }> {
  let items: Tree[] = [...inline];
  let before = 0;
  const page = (): { record: SourceRecord; before: number } => {
    const start = { file: network.file, line: 1, column: 1 };
    const { data, positions } = flatten({
      position: start,
      value: new Map([[list, { position: start, value: items }]]),
    });
    const of = { record: pageRecord(network, list, data as JsonObject, positions), before };
    before += items.length;
    items = [];
    return of;
  };
  let rows: RowReader | undefined;
  const begin: Parameters<typeof csvRows>[3] = ({ columns }) => {
    const { plan, issues: doubts } = planColumns(columns, source.entry, source.item);
    issues.push(...doubts);
    if (plan) rows = rowReader(plan, source.entry, source.item);
    return plan !== undefined;
  };
  const bytes = createReadStream(source.path) as AsyncIterable<Uint8Array>;
  for await (const row of csvRows(bytes, { ...source.entry, ...source }, issues, begin)) {
    const item = rows?.item(row);
    if (item) items.push(item);
    if (items.length >= pageLength) yield page();
  }
  issues.push(...(rows?.end() ?? []));
  if (items.length > 0) yield page();
}

function pageRecord(
  network: Network,
  list: string,
  page: JsonObject,
  positions: ReturnType<typeof flatten>['positions'],
): SourceRecord {
  const { file, kind, id, name, data } = network;
  const ofPage = `/${list}/`;
  return {
    ...{ file, kind, id, name },
    data: { ...data, [list]: page[list] ?? [] },
    positionOf: (pointer) =>
      pointer.startsWith(ofPage) ? positions.get(pointer) : network.positionOf(pointer),
  };
}
