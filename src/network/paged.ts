/**
 * A network with lists that are spreadsheets of any length, read page by page: no list is ever held as a whole. Their files
 * may be read several times.
 */
import { dirname, join } from 'node:path';
import type { Issue } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { SourceRecord } from '../mapping/types.ts';
import type { TableReader } from '../tabular/table.ts';
import { decisionsField } from './decisions.ts';
import type { Kind } from './kind.ts';
import { planColumns } from './list-columns.ts';
import { type ListEntry, listEntry } from './list-entry.ts';
import { type RowReader, rowReader } from './list-rows.ts';
import { type LongList, openLongList } from './long-list.ts';
import { insideOf, maxFiles } from './lists.ts';
import type { Network } from './network.ts';
import { networkOf, readFields } from './read.ts';
import type { Shape } from './shape.ts';
import { isTable } from './table.ts';
import { flatten, type Tree } from './tree.ts';

/** Rows of one page: enough to be quick, few enough that they are garbage before V8 takes them for lasting. */
export const pageLength = 100;

/** The network with some rows of one list, the others empty; `before`: how many rows of that list came earlier. */
export type Page = { record: SourceRecord; list: string; before: number };

export type PagedNetwork = {
  /** The network with its lists empty. */
  network: Network;
  kind: Kind;
  /** Fields of the lists that come in pages. */
  lists: readonly string[];
  /** All rows of one list after the other, again at each call; faults of the files go to `issues`. */
  pages: (issues: Issue[]) => AsyncGenerator<Page>;
};

/** One list: the items of the network file itself, then its files. */
type PagedList = {
  list: string;
  inline: readonly Tree[];
  sources: readonly Source[];
  item: Shape | undefined;
};

type Source = LongList & { entry: ListEntry };

/**
 * Undefined for a network that has no such list, or something that wants it whole: it is read by `readNetwork`. So is one
 * whose file or list cannot be opened, to have its faults told.
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
  if (!kind || fields.has(decisionsField)) return undefined;
  const lists: PagedList[] = [];
  for (const [list, { value }] of fields) {
    const items: Tree[] = Array.isArray(value) ? value : [];
    const entries = items.flatMap((item) => entryOf(item));
    if (entries.length === 0) continue;
    const field = kind.shape.fields.get(list);
    const sources = field?.inFile ? await sourcesOf(file, entries) : undefined;
    if (!sources) return undefined;
    const ofFiles = new Set(entries.map(({ item }) => item));
    lists.push({ list, inline: items.filter((item) => !ofFiles.has(item)), sources, item: field?.item });
  }
  const files = lists.flatMap(({ sources }) => sources);
  if (files.length === 0 || files.length > maxFiles) return undefined;
  for (const { list } of lists) fields.get(list)!.value = [];
  const network = networkOf(file, tree, text);
  return {
    network,
    kind,
    lists: lists.map(({ list }) => list),
    pages: async function* (issues) {
      for (const one of lists) yield* pagesOf(network, one, issues);
    },
  };
}

function entryOf(item: Tree): { item: Tree; entry: ListEntry }[] {
  const issues: Issue[] = [];
  const entry = listEntry(item, issues);
  return entry && issues.length === 0 ? [{ item, entry }] : [];
}

async function sourcesOf(
  file: string,
  entries: readonly { entry: ListEntry }[],
): Promise<Source[] | undefined> {
  const sources: Source[] = [];
  for (const { entry } of entries) {
    const path = await insideOf(dirname(file), entry.file);
    const list = path === undefined ? undefined : await openLongList(path, join(dirname(file), entry.file));
    if (!list) return undefined;
    sources.push({ ...list, entry });
  }
  return sources;
}

async function* pagesOf(
  network: Network,
  { list, inline, sources, item: shape }: PagedList,
  issues: Issue[],
): AsyncGenerator<Page> {
  let items: Tree[] = [...inline];
  let before = 0;
  const page = (): Page => {
    const start = { file: network.file, line: 1, column: 1 };
    const { data, positions } = flatten({
      position: start,
      value: new Map([[list, { position: start, value: items }]]),
    });
    const of = { record: pageRecord(network, list, data as JsonObject, positions), list, before };
    before += items.length;
    items = [];
    return of;
  };
  for (const { entry, rows } of sources) {
    let reader: RowReader | undefined;
    const begin = ({ columns }: TableReader): boolean => {
      const { plan, issues: doubts } = planColumns(columns, entry, shape);
      issues.push(...doubts);
      if (plan) reader = rowReader(plan, entry, shape);
      return plan !== undefined;
    };
    for await (const row of rows(entry, issues, begin)) {
      const item = reader?.item(row);
      if (item) items.push(item);
      if (items.length >= pageLength) yield page();
    }
    issues.push(...(reader?.end() ?? []));
  }
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
