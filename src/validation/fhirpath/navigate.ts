/** Going from an item to the items under a name, with the twins that primitives may have. */
import type { Step } from './types.ts';
import { Extended, nothing } from './values.ts';

type JsonObject = Record<string, unknown>;

/** The items under a step from one item. */
export function follow(step: Step): (item: unknown) => readonly unknown[] {
  const [only] = step.names;
  if (step.names.length === 1) return oneName(only!);
  const names = new Set(step.names);
  return (item) => {
    const holder = holderOf(item);
    if (!holder) return nothing;
    for (const key in holder) {
      const name = key.startsWith('_') ? key.slice(1) : key;
      if (names.has(name)) return items(holder[name], holder[`_${name}`]);
    }
    return nothing;
  };
}

function oneName(name: string): (item: unknown) => readonly unknown[] {
  const twin = `_${name}`;
  return (item) => {
    const holder = holderOf(item);
    return holder ? items(holder[name], holder[twin]) : nothing;
  };
}

/** The object whose properties an item has: itself, or the twin of a primitive. */
function holderOf(item: unknown): JsonObject | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  return (item instanceof Extended ? item.element : item) as JsonObject | undefined;
}

function items(value: unknown, twin: unknown): readonly unknown[] {
  if (twin === undefined || twin === null) {
    if (value === undefined || value === null) return nothing;
    return Array.isArray(value) ? value : [value];
  }
  if (!Array.isArray(value) && !Array.isArray(twin)) return [new Extended(value, twin)];
  const values = (Array.isArray(value) ? value : []) as unknown[];
  const twins = (Array.isArray(twin) ? twin : []) as unknown[];
  const length = Math.max(values.length, twins.length);
  return Array.from({ length }, (_none, index) => new Extended(values[index], twins[index] ?? undefined));
}
