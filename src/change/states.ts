import type { BusinessKey } from '../fhir/key.ts';

/** One resource of a state, as far as comparing needs it; `hash` is that of its normal form. */
export type StateEntry = { type: string; key: BusinessKey; hash: string };
/** What was last written: `active` is false once it was closed. */
export type DeployedEntry = StateEntry & { active: boolean };

export type StateChange<D, P> =
  | { op: 'create'; desired: D }
  | { op: 'update'; desired: D; deployed: P }
  | { op: 'unchanged'; desired: D; deployed: P }
  | { op: 'close'; deployed: P };

/** Name of a resource among all types: two types may share one business key. */
export function nameOf(entry: { type: string; key: BusinessKey }): string {
  return `${entry.type} ${entry.key}`;
}

/**
 * Plan = desired − deployed, one change a resource, ordered by type and key. What was closed before and is not
 * wanted is not mentioned; what was closed and is wanted again is an update.
 */
export function diffStates<D extends StateEntry, P extends DeployedEntry>(
  desired: readonly D[],
  deployed: readonly P[],
): StateChange<D, P>[] {
  const wanted = new Map(desired.map((entry) => [nameOf(entry), entry]));
  const written = new Map(deployed.map((entry) => [nameOf(entry), entry]));
  const names = [...new Set([...wanted.keys(), ...written.keys()])].sort();
  return names.flatMap((name): StateChange<D, P>[] => {
    const want = wanted.get(name);
    const have = written.get(name);
    if (want && have)
      return [{ op: have.hash === want.hash ? 'unchanged' : 'update', desired: want, deployed: have }];
    if (want) return [{ op: 'create', desired: want }];
    return have?.active ? [{ op: 'close', deployed: have }] : [];
  });
}
