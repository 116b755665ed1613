/** Rules: one source (`$path`, `$template`, `$value`, `$reference`, `$current`, `$first`), then transforms, then a code table. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { withBase } from './code-tables.ts';
import { below, type Compilation, type Loop, type Place, refuse, ruleName } from './compilation.ts';
import { compileCondition, compileCurrent, pathAt } from './conditions.ts';
import { type Compiled, constant } from './compiled.ts';
import { compileReference } from './reference-rule.ts';
import { reportAt } from './report.ts';
import type { Run } from './run.ts';
import { compileSteps } from './steps.ts';
import { compileTemplate } from './template.ts';

const sources = ['$path', '$template', '$value', '$reference', '$current', '$first'] as const;

export function isRule(node: JsonObject): boolean {
  return sources.some((source) => source in node);
}

/** Compiles a rule; a fault in it is recorded and it writes nothing. */
export function compileRule(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
): Compiled {
  const used = sources.filter((source) => source in place.node);
  if (used.length > 1) {
    refuse(
      compilation,
      place,
      'structure',
      `Une règle a une seule source ; celle-ci en a ${used.length} : ${used.join(', ')}.`,
    );
    return nothing;
  }
  const source = compileSource(compilation, place, loops) ?? nothing;
  const rule = compileSteps(compilation, place, source);
  if (!('$when' in place.node)) return rule;
  const when = compileCondition(compilation, below(place, '$when'), loops);
  return { ...rule, constant: false, evaluate: (run) => (when(run) ? rule.evaluate(run) : undefined) };
}

const nothing: Compiled & { pointer: () => string } = {
  evaluate: () => undefined,
  constant: false,
  evidence: true,
  pointer: () => '',
};

function compileSource(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
): (Compiled & { pointer: (run: Parameters<Compiled['evaluate']>[0]) => string }) | undefined {
  const { node } = place;
  const rule = ruleName(place);
  const dynamic = { constant: false, evidence: true };
  if ('$path' in node) {
    const path = pathAt(compilation, below(place, '$path'), loops);
    if (!path) return undefined;
    const { read, pointer } = path;
    const evaluate: Compiled['evaluate'] = (run) => {
      const found = read(run);
      const value = typeof found === 'object' ? simple(run, found, pointer) : found;
      if (run.trace && value !== undefined) run.trace.note(rule, pointer(run));
      return value;
    };
    return { ...dynamic, evaluate, pointer };
  }
  if ('$template' in node) {
    const template = compileTemplate(compilation, below(place, '$template'), loops);
    const evaluate: Compiled['evaluate'] = (run) => {
      const value = template.read(run);
      if (run.trace && value !== undefined) run.trace.note(rule, template.pointer(run));
      return value;
    };
    return { ...dynamic, evaluate, pointer: template.pointer };
  }
  if ('$value' in node) {
    const value: Json = node['$value'] ?? null;
    return { ...constant(typeof value === 'string' ? withBase(value) : value, rule), pointer: () => '' };
  }
  if ('$current' in node) {
    const current = compileCurrent(compilation, below(place, '$current'), loops);
    const evaluate: Compiled['evaluate'] = (run) => {
      run.trace?.note(rule, '');
      return current(run);
    };
    return { evaluate, constant: false, evidence: false, pointer: () => '' };
  }
  if ('$first' in node) {
    const list = below(place, '$first') as Place<Json[]>;
    const choices = list.node.map((_, index) =>
      compilation.expression(compilation, below(list, index), loops),
    );
    const evaluate: Compiled['evaluate'] = (run) => {
      for (const choice of choices) {
        const value = choice.evaluate(run);
        if (value !== undefined) return value;
      }
      return undefined;
    };
    return {
      evaluate,
      constant: false,
      evidence: choices.some((choice) => choice.evidence),
      pointer: () => '',
    };
  }
  return compileReference(compilation, place, loops);
}

/** Rules write simple values and lists of them; the shape of a resource comes from the mapping alone. */
function simple(run: Run, value: Json, pointer: (run: Run) => string): Json | undefined {
  const list = Array.isArray(value) ? value.filter((item) => item !== null && item !== '') : undefined;
  if (list?.every((item) => typeof item !== 'object')) return list.length ? list : undefined;
  reportAt(run, pointer(run), 'structure', 'Une valeur simple est attendue.');
  return undefined;
}
