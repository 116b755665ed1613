/** Paths into the source record, `member.period.start`, resolved once: the first step names a loop or a field of the record. */
import type { Json } from '../fhir/types.ts';
import type { Loop } from './compilation.ts';
import type { Run } from './run.ts';

export type CompiledPath = {
  text: string;
  /** The value, or undefined when a step is absent or the value is empty (null, '', [], {}). */
  read: (run: Run) => Json | undefined;
  /** JSON pointer of the value in the record, for this turn of the loops. */
  pointer: (run: Run) => string;
};

const form = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*$/;

/** Undefined when the text is no path. Names that every JavaScript object has are no fields. */
export function compilePath(text: string, loops: readonly Loop[]): CompiledPath | undefined {
  if (!form.test(text)) return undefined;
  const steps = text.split('.');
  if (steps.some((step) => step in Object.prototype)) return undefined;
  const slot = loops.findLastIndex((loop) => loop.name === steps[0]);
  const list = loops[slot]?.list;
  if (!list) {
    const tail = `/${steps.join('/')}`;
    return { text, read: reader(steps, (run) => run.record.data), pointer: () => tail };
  }
  const rest = steps.slice(1);
  const tail = rest.map((step) => `/${step}`).join('');
  return {
    text,
    read: itemReader(rest, slot),
    pointer: (run) => `${list.pointer(run)}/${run.indexes[slot]}${tail}`,
  };
}

/** Most paths are a field of a loop's item: they are read without a detour. */
function itemReader(steps: readonly string[], slot: number): CompiledPath['read'] {
  const [name, ...more] = steps;
  return name === undefined || more.length
    ? reader(steps, (run) => run.slots[slot])
    : (run) => present(field(run.slots[slot], name));
}

function reader(steps: readonly string[], start: (run: Run) => Json | undefined): CompiledPath['read'] {
  const [first, second, ...more] = steps;
  if (first === undefined) return (run) => present(start(run));
  if (second === undefined) return (run) => present(field(start(run), first));
  if (more.length === 0) return (run) => present(field(field(start(run), first), second));
  return (run) => {
    let value = start(run);
    for (const step of steps) value = field(value, step);
    return present(value);
  };
}

function field(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

/** Empty values produce nothing. */
function present(value: Json | undefined): Json | undefined {
  if (typeof value !== 'object') return value === '' ? undefined : value;
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.length ? value : undefined;
  for (const _ in value) return value;
  return undefined;
}
