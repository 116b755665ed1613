import type { AnyResource, Json } from '../fhir/types.ts';
import { fieldChanges, type PlacedChange, placedChanges } from './fields.ts';

/** A field that differs, as one line a side; empty when absent. */
export type ReadableChange = { path: string; before: string; after: string };

/** Differences of two bodies in normal form, for people. */
export function readableChanges(before: AnyResource, after: AnyResource): ReadableChange[] {
  return fieldChanges(before as Json, after as Json).map((change) => ({
    path: change.path,
    before: shown(change.before),
    after: shown(change.after),
  }));
}

/** The same, each with its place in the new body. */
export function placedReadableChanges(
  before: AnyResource,
  after: AnyResource,
): (ReadableChange & Pick<PlacedChange, 'newPath'>)[] {
  return placedChanges(before as Json, after as Json).map((change) => ({
    path: change.path,
    before: shown(change.before),
    after: shown(change.after),
    newPath: change.newPath,
  }));
}

/** A value as one line; empty when absent. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
