import type { Json, JsonObject } from '../fhir/types.ts';
import type { ValueChange } from './fields.ts';

type Step = string | number;
type Container = JsonObject | Json[];

/**
 * The value that `fieldChanges` described: replacements first, then removals from the end of each list, then
 * additions from its beginning, so that every index means what it meant when it was written.
 */
export function applyChanges(before: Json | undefined, changes: readonly ValueChange[]): Json | undefined {
  const root: JsonObject = before === undefined ? {} : { '': structuredClone(before) };
  const steps = changes.map((change) => ({ ...change, steps: ['', ...stepsOf(change.path)] }));
  const removals = steps.filter((change) => change.after === undefined);
  const additions = steps.filter((change) => change.after !== undefined && change.before === undefined);
  const replacements = steps.filter((change) => change.after !== undefined && change.before !== undefined);
  // Parents are looked up before any index moves; lists are objects, so they stay the same ones.
  const open = (change: (typeof steps)[number]) => ({ ...change, parent: parentOf(root, change.steps) });
  const opened = { removals: removals.map(open), additions: additions.map(open) };
  for (const change of replacements) set(parentOf(root, change.steps), change.steps.at(-1)!, change.after!);
  for (const change of opened.removals.sort((a, b) => descending(a.steps, b.steps))) remove(change);
  for (const change of opened.additions.sort((a, b) => -descending(a.steps, b.steps))) {
    const last = change.steps.at(-1)!;
    if (Array.isArray(change.parent)) change.parent.splice(last as number, 0, structuredClone(change.after!));
    else set(change.parent, last, change.after!);
  }
  return root[''];
}

/** `telecom[0].value` → telecom, 0, value. */
function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map((match) =>
    match[1] === undefined ? match[2]! : Number(match[1]),
  );
}

function parentOf(root: JsonObject, steps: readonly Step[]): Container {
  let at: Container = root;
  for (const step of steps.slice(0, -1)) at = (at as JsonObject)[step as string] as Container;
  return at;
}

function set(parent: Container, step: Step, value: Json): void {
  (parent as JsonObject)[step as string] = structuredClone(value);
}

function remove(change: { parent: Container; steps: Step[] }): void {
  const last = change.steps.at(-1)!;
  if (Array.isArray(change.parent)) change.parent.splice(last as number, 1);
  else delete change.parent[last as string];
}

function descending(a: readonly Step[], b: readonly Step[]): number {
  return lastIndex(b) - lastIndex(a);
}

/** Index in a list; members of objects have none and may come in any order. */
function lastIndex(steps: readonly Step[]): number {
  const last = steps.at(-1);
  return typeof last === 'number' ? last : -1;
}
