/** The resources that are in force, found by type and by reference. */
import type { BusinessKey } from '../fhir/key.ts';
import { type KeyReference, parseKeyReference } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { PictureRequest, PictureResource } from './types.ts';

type Reference = { reference?: string | undefined } | undefined;

/** A resource with its business key. */
export type Keyed<T> = T & { key: BusinessKey };

export type Shown = {
  at: string;
  network: BusinessKey;
  /** Resources of a type that are in force, with their keys, in the order of the mapping. */
  all<T>(type: string): Keyed<T>[];
  /** Those of a type that are not in force. */
  past<T>(type: string): T[];
  types: string[];
  /** The key that a reference names; undefined for none. */
  keyIn(reference: Reference): BusinessKey | undefined;
  /** What a reference points to, in force or not. */
  find<T>(reference: Reference): Keyed<T> | undefined;
};

const over: ReadonlySet<unknown> = new Set([
  'inactive',
  'retired',
  'superseded',
  'entered-in-error',
  'cancelled',
  'revoked',
]);

/** Indexes what is to be drawn. What has left (identity.md, by type) is not shown. */
export function indexResources(request: PictureRequest, network: BusinessKey): Shown {
  const byType = Map.groupBy(request.resources, ({ type }) => type);
  const byKey = new Map(request.resources.map((one) => [`${one.type} ${one.key}`, one]));
  const current = ({ active, status }: AnyResource): boolean => active !== false && !over.has(status);
  const keys = new Map<string, KeyReference | undefined>();
  const named = (reference: Reference): KeyReference | undefined => {
    const text = reference?.reference;
    if (text === undefined) return undefined;
    if (!keys.has(text)) keys.set(text, parseKeyReference(text));
    return keys.get(text);
  };
  const keyed = <T>({ body, key }: PictureResource): Keyed<T> => ({ ...body, key }) as unknown as Keyed<T>;
  const ofType = <T>(type: string, wanted: boolean): Keyed<T>[] =>
    (byType.get(type) ?? []).filter(({ body }) => current(body) === wanted).map((one) => keyed<T>(one));
  return {
    at: request.at,
    network,
    types: [...byType.keys()],
    all: (type) => ofType(type, true),
    past: (type) => ofType(type, false),
    keyIn: (reference) => named(reference)?.key,
    find: <T>(reference: Reference) => {
      const target = named(reference);
      const found = target && byKey.get(`${target.type} ${target.key}`);
      return found && keyed<T>(found);
    },
  };
}
