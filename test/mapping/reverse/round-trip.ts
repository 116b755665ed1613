/** What a round trip proves, for any kind. */
import { resolveBundle } from '../../../src/mapping/bundle.ts';
import { mapRecord } from '../../../src/mapping/map-record.ts';
import { reverseNetwork, type Reversed } from '../../../src/mapping/reverse/reverse.ts';
import type { MappedResource, SourceRecord } from '../../../src/mapping/types.ts';
import type { AnyResource, Json, JsonObject } from '../../../src/fhir/types.ts';
import { goldenDay } from '../corpus.ts';
import type { ReverseKind } from './kinds.ts';

export function asRecord(data: JsonObject): SourceRecord {
  const [kind, id, name] = ['kind', 'id', 'name'].map((field) => data[field] as string);
  return { file: 'given.yaml', data, kind: kind!, id: id!, name: name!, positionOf: () => undefined };
}

export function mapped({ mapping }: ReverseKind, data: JsonObject): readonly MappedResource[] {
  return mapRecord(mapping, asRecord(data), { at: goldenDay }).resources;
}

/** A network as a Bundle gives it: resources with ids, references by them. */
export function published(kind: ReverseKind, data: JsonObject): AnyResource[] {
  return resolveBundle(mapped(kind, data)).entry.map(({ resource }) => resource);
}

export function readBack(kind: ReverseKind, id: string, resources: readonly AnyResource[]): Reversed {
  return reverseNetwork(kind.reverse, id, resources, { at: goldenDay, file: 'bundle.json' });
}

export function told({ issues }: Reversed): string[] {
  return issues.filter(({ severity }) => severity !== 'information').map(({ message }) => message);
}

/** The content of what a record maps to, by key, whatever the order. */
export function content(kind: ReverseKind, data: JsonObject): Map<string, AnyResource> {
  return new Map(mapped(kind, data).map(({ type, key, body }) => [`${type} ${key}`, body]));
}

/** Pointers of the values of some data. */
export function leaves(value: Json, pointer = ''): [string, Json][] {
  if (typeof value !== 'object' || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([name, child]) => leaves(child, `${pointer}/${name}`));
}

/** A copy without the values at these pointers; objects and items that are left empty go too. */
export function without(value: Json, pointers: ReadonlySet<string>, pointer = ''): Json | undefined {
  if (typeof value !== 'object' || value === null) return pointers.has(pointer) ? undefined : value;
  const kept = Object.entries(value)
    .map(([name, child]) => [name, without(child, pointers, `${pointer}/${name}`)] as const)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined);
  if (!kept.length) return undefined;
  return Array.isArray(value) ? kept.map(([, child]) => child) : Object.fromEntries(kept);
}
