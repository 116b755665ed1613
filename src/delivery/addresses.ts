import type { BusinessKey } from '../fhir/key.ts';
import type { ServerReference } from '../store/references.ts';

/** Which local id a business key has at one server, and back. */
export type Addresses = {
  idOf(type: string, key: BusinessKey): string | undefined;
  keyOf(type: string, localId: string): BusinessKey | undefined;
  /** The stored row, when the key was known before this attempt. */
  row(type: string, key: BusinessKey): ServerReference | undefined;
  learn(type: string, key: BusinessKey, localId: string): void;
  forget(type: string, key: BusinessKey): void;
};

/** Addresses out of the reference table; a tenant's own row wins over a shared one. */
export function addressesOf(rows: readonly ServerReference[], tenant: string): Addresses {
  const byKey = new Map<string, ServerReference>();
  const ids = new Map<string, string>();
  const keys = new Map<string, BusinessKey>();
  const learn = (type: string, key: BusinessKey, localId: string): void => {
    ids.set(`${type} ${key}`, localId);
    keys.set(`${type} ${localId}`, key);
  };
  const own = (row: ServerReference): number => (row.tenant === tenant ? 1 : 0);
  for (const row of [...rows].sort((a, b) => own(a) - own(b))) {
    byKey.set(`${row.type} ${row.key}`, row);
    learn(row.type, row.key, row.localId);
  }
  return {
    idOf: (type, key) => ids.get(`${type} ${key}`),
    keyOf: (type, localId) => keys.get(`${type} ${localId}`),
    row: (type, key) => byKey.get(`${type} ${key}`),
    learn,
    forget: (type, key) => void ids.delete(`${type} ${key}`),
  };
}
