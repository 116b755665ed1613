/** Two descriptions of networks compared as their authors wrote them: who joined, who left, what changed, and where it stands. */
import { align } from '../change/align.ts';
import { shown } from '../change/readable.ts';
import { isObject, sameValue } from '../change/values.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { locate } from '../mapping/locate.ts';
import type { NetworkDifference } from '../operations.ts';
import { isInForce } from './items.ts';
import type { Network } from './network.ts';
import { pointerStep } from './tree.ts';

/** A description as of a day; without one, all of it. */
export type Side = { network: Network; at?: string };

/** Where a file comes from says nothing about the network. */
const besideThePoint = new Set(['provenance']);

/** One part on both sides: undefined where it is missing. */
type Pair = { path: string[]; before: Part | undefined; after: Part | undefined };
type Part = { value: Json; pointer: string };

/** Every difference, in the order of the fields. Items with ids are the same when their ids are, wherever they stand. */
export function networkDifferences(a: Side, b: Side): NetworkDifference[] {
  const found: NetworkDifference[] = [];
  compare({ path: [], before: wholeOf(a), after: wholeOf(b) });
  return found;

  function compare(pair: Pair): void {
    const { before, after } = pair;
    if (Array.isArray(before?.value) && Array.isArray(after?.value)) return compareLists(pair);
    if (!isObject(before?.value) || !isObject(after?.value)) {
      if (!sameValue(before?.value, after?.value)) tell('changed', pair);
      return;
    }
    for (const name of new Set([...Object.keys(before.value), ...Object.keys(after.value)]))
      compare({ path: [...pair.path, name], before: field(before, name), after: field(after, name) });
  }

  function compareLists({ path, before, after }: Pair): void {
    const [old, young] = [itemsOf(before!, a), itemsOf(after!, b)];
    for (const [one, other] of matched(old, young)) {
      const item = { path: [...path, nameIn(one ?? other!)], before: one, after: other };
      if (one && other) compare(item);
      else tell(one ? 'left' : 'joined', item);
    }
  }

  function tell(kind: NetworkDifference['kind'], { path, before, after }: Pair): void {
    const name = titleOf((after ?? before)!.value);
    found.push({
      ...{ kind, path },
      ...(kind === 'changed' ? { from: shown(before?.value), to: shown(after?.value) } : {}),
      ...(kind !== 'changed' && name !== undefined ? { name } : {}),
      ...(before ? { before: placeOf(a.network, before.pointer) } : {}),
      ...(after ? { after: placeOf(b.network, after.pointer) } : {}),
    });
  }
}

function wholeOf({ network }: Side): Part {
  const fields = Object.entries(network.data).filter(([name]) => !besideThePoint.has(name));
  return { value: Object.fromEntries(fields), pointer: '' };
}

function field({ value, pointer }: Part, name: string): Part | undefined {
  const child = (value as JsonObject)[name];
  return child === undefined ? undefined : { value: child, pointer: `${pointer}/${pointerStep(name)}` };
}

/** The items of a list that are in force on the day. */
function itemsOf({ value, pointer }: Part, { at }: Side): Part[] {
  return (value as Json[]).flatMap((item, index) =>
    at === undefined || !isObject(item) || isInForce(item, at)
      ? [{ value: item, pointer: `${pointer}/${index}` }]
      : [],
  );
}

/** Pairs of one list: by id where every item has its own, else by what names them or by their place. */
function matched(old: readonly Part[], young: readonly Part[]): [Part | undefined, Part | undefined][] {
  const [ids, otherIds] = [byId(old), byId(young)];
  if (ids && otherIds) {
    const stay = [...ids].map(([id, part]): [Part, Part | undefined] => [part, otherIds.get(id)]);
    const joined = [...otherIds].filter(([id]) => !ids.has(id));
    return [...stay, ...joined.map(([, part]): [undefined, Part] => [undefined, part])];
  }
  const values = (parts: readonly Part[]) => parts.map(({ value }) => value);
  const { kept, removed, added } = align(values(old), values(young));
  return [
    ...kept.map(({ before, after }): [Part, Part] => [old[before]!, young[after]!]),
    ...removed.map((index): [Part, undefined] => [old[index]!, undefined]),
    ...added.map((index): [undefined, Part] => [undefined, young[index]!]),
  ];
}

function byId(parts: readonly Part[]): Map<string, Part> | undefined {
  const found = new Map<string, Part>();
  for (const part of parts) {
    const id = idOf(part.value);
    if (id === undefined || found.has(id)) return undefined;
    found.set(id, part);
  }
  return found;
}

function idOf(value: Json): string | undefined {
  const id = isObject(value) ? value['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** An item is called by its id, or by its place in the file from 1. */
function nameIn({ value, pointer }: Part): string {
  return idOf(value) ?? String(Number(pointer.slice(pointer.lastIndexOf('/') + 1)) + 1);
}

function titleOf(value: Json): string | undefined {
  if (!isObject(value)) return typeof value === 'string' ? value : undefined;
  const said = ['nom', 'name', 'titre'].map((name) => value[name]).find((one) => typeof one === 'string');
  return said;
}

function placeOf(network: Network, pointer: string): string {
  const { file, line } = locate(network, pointer);
  return `${file}:${line}`;
}
