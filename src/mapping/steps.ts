/** What a rule does with the value of its source: named transforms, then a code table; on lists item by item. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, type Place, refuse, ruleName, textOf } from './compilation.ts';
import type { Compiled } from './compiled.ts';
import { reportAt } from './report.ts';
import type { Run } from './run.ts';
import { transforms } from './transforms.ts';

type Source = Compiled & { pointer: (run: Run) => string };
/** One step; undefined means that the value does not fit. */
type Step = { apply: (value: Json) => unknown; fault: (value: Json) => string };

export function compileSteps(compilation: Compilation, place: Place<JsonObject>, source: Source): Compiled {
  const steps = [...transformSteps(compilation, place), ...codeSteps(compilation, place)];
  if (!steps.length) return source;
  const rule = ruleName(place);
  const one = (run: Run, start: Json, suffix: string): unknown => {
    let value: unknown = start;
    for (const step of steps) {
      const next = step.apply(value as Json);
      if (next === undefined) {
        reportAt(run, source.pointer(run) + suffix, 'code-invalid', step.fault(value as Json), rule);
        return undefined;
      }
      value = next;
    }
    return value;
  };
  const { evaluate: read } = source;
  const evaluate: Compiled['evaluate'] = (run) => {
    const value = read(run) as Json | undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return one(run, value, '');
    const list = value.map((item, index) => one(run, item, `/${index}`)).filter((item) => item !== undefined);
    return list.length ? list : undefined;
  };
  return { ...source, evaluate };
}

function transformSteps(compilation: Compilation, place: Place<JsonObject>): Step[] {
  const { $transform: named } = place.node;
  const names = named === undefined ? [] : Array.isArray(named) ? named : [named];
  return names.flatMap((name) => {
    const apply = transforms[textOf(name)];
    if (apply) return [{ apply, fault: () => `Cette valeur ne convient pas (« ${textOf(name)} » attendu).` }];
    const known = Object.keys(transforms).join(', ');
    refuse(
      compilation,
      below(place, '$transform'),
      'not-found',
      `Transformation inconnue « ${textOf(name)} » ; connues : ${known}.`,
    );
    return [];
  });
}

function codeSteps(compilation: Compilation, place: Place<JsonObject>): Step[] {
  const as = (['$concept', '$coding', '$code'] as const).find((word) => word in place.node);
  if (!as) return [];
  const name = textOf(place.node[as]);
  const table = compilation.tables.get(name);
  if (!table) {
    refuse(compilation, below(place, as), 'not-found', `La table de codes « ${name} » n'existe pas.`);
    return [];
  }
  const { concepts } = table;
  const { $value: fixed } = place.node;
  if (fixed !== undefined && !concepts.has(textOf(fixed))) {
    refuse(compilation, below(place, '$value'), 'code-invalid', unknown(name, concepts, fixed));
  }
  const find = (value: Json): unknown => {
    const concept = typeof value === 'string' ? concepts.get(value) : undefined;
    if (as === '$concept') return concept;
    const coding = concept?.coding?.[0];
    return as === '$code' ? coding?.code : coding;
  };
  return [{ apply: find, fault: (value) => unknown(name, concepts, value) }];
}

function unknown(name: string, concepts: ReadonlyMap<string, unknown>, value: Json): string {
  const shown = typeof value === 'string' ? value.slice(0, 40) : '…';
  return `« ${shown} » n'est pas dans la table de codes « ${name} » ; valeurs connues : ${[...concepts.keys()].join(', ')}.`;
}
