import { nameOf } from './states.ts';
import { keyLinks } from './links.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';

type Resource = { type: string; key: BusinessKey; body: AnyResource };

/**
 * Groups of resources in an order in which every link points into the same group or an earlier one (Tarjan's strongly
 * connected components, so a circle of links is one group). Stable: equal choices fall by type and key.
 */
export function inLinkOrder<T extends Resource>(resources: readonly T[]): T[][] {
  const sorted = [...resources].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const byName = new Map(sorted.map((resource) => [nameOf(resource), resource]));
  const state = new Map<string, { index: number; low: number; onStack: boolean }>();
  const stack: string[] = [];
  const groups: T[][] = [];

  const visit = (name: string): { index: number; low: number; onStack: boolean } => {
    const own = { index: state.size, low: state.size, onStack: true };
    state.set(name, own);
    stack.push(name);
    const targets = keyLinks(byName.get(name)!.body).map(nameOf);
    for (const target of [...new Set(targets)].sort()) {
      if (!byName.has(target)) continue;
      const seen = state.get(target);
      if (!seen) own.low = Math.min(own.low, visit(target).low);
      else if (seen.onStack) own.low = Math.min(own.low, seen.index);
    }
    if (own.low === own.index) groups.push(closeGroup(name));
    return own;
  };
  const closeGroup = (root: string): T[] => {
    const members = stack.splice(stack.lastIndexOf(root));
    for (const member of members) state.get(member)!.onStack = false;
    return members.sort().map((member) => byName.get(member)!);
  };
  for (const resource of sorted) if (!state.has(nameOf(resource))) visit(nameOf(resource));
  return groups;
}

/** Groups put together into parts of at most `size`; only a circle of links longer than that is cut. */
export function inParts<T>(groups: readonly (readonly T[])[], size: number): T[][] {
  const parts: T[][] = [];
  for (const group of groups.flatMap((one) => cut(one, size))) {
    const last = parts.at(-1);
    if (last && last.length + group.length <= size) last.push(...group);
    else parts.push([...group]);
  }
  return parts;
}

function cut<T>(group: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(group.length / size) }, (_, i) =>
    group.slice(i * size, (i + 1) * size),
  );
}
