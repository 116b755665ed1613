/** The resources that are in force, found by type and by reference. */
import type { BusinessKey } from '../fhir/key.ts';
import { parseKeyReference } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { PictureRequest } from './types.ts';

type Reference = { reference?: string | undefined } | undefined;

export type Shown = {
  at: string;
  network: BusinessKey;
  /** Resources of a type that are in force, with their keys, in the order of the mapping. */
  all<T>(type: string): (T & { key: BusinessKey })[];
  /** Those of a type that are not in force. */
  past<T>(type: string): T[];
  types: string[];
  /** The key that a reference names; undefined for none. */
  keyIn(reference: Reference): BusinessKey | undefined;
  /** What a reference points to, in force or not. */
  find<T>(reference: Reference): (T & { key: BusinessKey }) | undefined;
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
  const find = <T>(reference: Reference): (T & { key: BusinessKey }) | undefined => {
    const named = reference?.reference ? parseKeyReference(reference.reference) : undefined;
    const found = named && byKey.get(`${named.type} ${named.key}`);
    return found && ({ ...found.body, key: found.key } as unknown as T & { key: BusinessKey });
  };
  const ofType = <T>(type: string, wanted: boolean): (T & { key: BusinessKey })[] =>
    (byType.get(type) ?? [])
      .filter(({ body }) => current(body) === wanted)
      .map(({ body, key }) => ({ ...body, key }) as unknown as T & { key: BusinessKey });
  return {
    at: request.at,
    network,
    types: [...byType.keys()],
    all: (type) => ofType(type, true),
    past: (type) => ofType(type, false),
    keyIn: (reference) => (reference?.reference ? parseKeyReference(reference.reference)?.key : undefined),
    find,
  };
}
