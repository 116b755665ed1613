import type { AnyResource, Json } from '../fhir/types.ts';
import { fieldChanges } from './fields.ts';

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

function shown(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
