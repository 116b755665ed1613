/** Conditions (`$when`, `when`): exists, is, in, current, not, all, any. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, isObject, type Loop, type Place, refuse } from './compilation.ts';
import { type CompiledPath, compilePath } from './paths.ts';
import { inForce } from './periods.ts';
import type { Run } from './run.ts';

export type Condition = (run: Run) => boolean;

const never: Condition = () => false;

/** Compiles a condition whose form the schema has checked. */
export function compileCondition(compilation: Compilation, place: Place, loops: readonly Loop[]): Condition {
  if (!isObject(place.node)) return never;
  const here = place as Place<JsonObject>;
  const inner = (name: string): Condition[] => {
    const list = below(here, name) as Place<Json[]>;
    return list.node.map((_, index) => compileCondition(compilation, below(list, index), loops));
  };
  if ('all' in here.node) {
    const parts = inner('all');
    return (run) => parts.every((part) => part(run));
  }
  if ('any' in here.node) {
    const parts = inner('any');
    return (run) => parts.some((part) => part(run));
  }
  if ('not' in here.node) {
    const part = compileCondition(compilation, below(here, 'not'), loops);
    return (run) => !part(run);
  }
  if ('current' in here.node) return compileCurrent(compilation, below(here, 'current'), loops);
  if ('exists' in here.node) {
    const path = pathAt(compilation, below(here, 'exists'), loops);
    return path ? (run) => path.read(run) !== undefined : never;
  }
  const path = pathAt(compilation, below(here, 'path'), loops);
  if ('in' in here.node) {
    const among = pathAt(compilation, below(here, 'in'), loops);
    return path && among ? (run) => isAmong(path.read(run), among.read(run)) : never;
  }
  const { is } = here.node;
  if (path && !Array.isArray(is)) return (run) => path.read(run) === is;
  const wanted = new Set<Json | undefined>(Array.isArray(is) ? is : []);
  return path ? (run) => wanted.has(path.read(run)) : never;
}

/** An absent value is in no list. */
function isAmong(value: Json | undefined, list: Json | undefined): boolean {
  return value !== undefined && Array.isArray(list) && list.includes(value);
}

/** `{ start, end }`: paths of the first and the last day; true when the day of the run lies between them. */
export function compileCurrent(compilation: Compilation, place: Place, loops: readonly Loop[]): Condition {
  const here = place as Place<JsonObject>;
  const at = (name: string): CompiledPath | undefined =>
    name in here.node ? pathAt(compilation, below(here, name), loops) : undefined;
  const start = at('start');
  const end = at('end');
  return (run) => inForce(start?.read(run), end?.read(run), run.at);
}

/** The path that stands as text at a place; a fault of its form is recorded. */
export function pathAt(
  compilation: Compilation,
  place: Place,
  loops: readonly Loop[],
): CompiledPath | undefined {
  const path = typeof place.node === 'string' ? compilePath(place.node, loops) : undefined;
  if (!path)
    refuse(
      compilation,
      place,
      'value',
      'Chemin mal écrit : des noms de champs séparés par des points sont attendus.',
    );
  return path;
}
