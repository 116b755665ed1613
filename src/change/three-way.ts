import type { Json } from '../fhir/types.ts';
import { fieldChanges, type ValueChange } from './fields.ts';
import { sameValue } from './values.ts';

/** Who moved what since the last writing. */
export type ThreeWay = {
  /** Fields only the networks changed. */
  ours: ValueChange[];
  /** Fields only somebody else changed, at the server. */
  theirs: ValueChange[];
  /** Fields both changed to the same value: nothing left to do. */
  agreed: ValueChange[];
  /** Fields both changed, differently; `before` is what was deployed. */
  conflicts: {
    path: string;
    before: Json | undefined;
    desired: Json | undefined;
    actual: Json | undefined;
  }[];
};

/** Three-way difference of bodies in normal form; the deployed one is the common ancestor. */
export function threeWay(desired: Json, deployed: Json, actual: Json): ThreeWay {
  const mine = fieldChanges(deployed, desired);
  const others = fieldChanges(deployed, actual);
  const result: ThreeWay = { ours: [], theirs: [], agreed: [], conflicts: [] };
  for (const change of mine) {
    const same = others.find((other) => other.path === change.path);
    const touching = others.find((other) => overlap(other.path, change.path));
    if (same && sameValue(same.after, change.after)) result.agreed.push(change);
    else if (touching)
      result.conflicts.push({
        path: change.path,
        before: change.before,
        desired: change.after,
        actual: touching.after,
      });
    else result.ours.push(change);
  }
  result.theirs = others.filter((other) => !mine.some((change) => overlap(other.path, change.path)));
  return result;
}

/** One path is the other, or lies inside it. */
function overlap(a: string, b: string): boolean {
  const inside = (outer: string, inner: string): boolean =>
    outer === '' || inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return inside(a, b) || inside(b, a);
}
