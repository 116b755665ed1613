/** `$reference`: a reference to another resource of the same record, by its business key. */
import type { JsonObject } from '../fhir/types.ts';
import { below, type Compilation, type Loop, type Place, refuse, ruleName, textOf } from './compilation.ts';
import { pathAt } from './conditions.ts';
import type { Compiled } from './compiled.ts';
import { reportAt } from './report.ts';
import type { Run, Target, Targets } from './run.ts';

/** `{ $reference: rule }` for a resource made once, `{ $reference: rule, $id: path }` for one made for each item. */
export function compileReference(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
): (Compiled & { pointer: (run: Run) => string }) | undefined {
  const name = textOf(place.node['$reference']);
  const target = compilation.rules.get(name);
  if (!target) {
    refuse(
      compilation,
      below(place, '$reference'),
      'not-found',
      `La ressource « ${name} » n'est pas définie.`,
    );
    return undefined;
  }
  const wantsId = '$id' in place.node;
  if (wantsId !== target.hasIds) {
    const message = target.hasIds
      ? `« ${name} » existe une fois par élément : dites lequel par $id.`
      : `« ${name} » n'a pas d'id : retirez $id.`;
    refuse(compilation, place, 'structure', message);
    return undefined;
  }
  const rule = ruleName(place);
  const id = wantsId ? pathAt(compilation, below(place, '$id'), loops) : undefined;
  if (wantsId && !id) return undefined;
  const pointer = id?.pointer ?? (() => '');
  const one = (run: Run, wanted: string | undefined, at: string): unknown => {
    const targets = run.targets[target.index];
    const found = wanted === undefined ? targets?.all[0] : targets && targetBy(targets, wanted);
    if (found) {
      run.trace?.note(rule, at);
      return (found.reference ??= Object.freeze({
        reference: target.referencePrefix + encodeURIComponent(found.key),
      }));
    }
    const which = wanted === undefined ? name : `${name} « ${wanted.slice(0, 48)} »`;
    reportAt(run, at, 'not-found', `Référence sans cible : ${which} n'est pas publié.`, rule);
    return undefined;
  };
  const evaluate: Compiled['evaluate'] = (run) => {
    if (!id) return one(run, undefined, '');
    const value = id.read(run);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return one(run, textOf(value), id.pointer(run));
    const list = value
      .map((item, index) => one(run, textOf(item), `${id.pointer(run)}/${index}`))
      .filter((reference) => reference !== undefined);
    return list.length ? list : undefined;
  };
  return { evaluate, constant: false, evidence: true, pointer };
}

/** Of two items with one id the later one counts, as everywhere; the check of networks refuses them. */
function targetBy(targets: Targets, id: string): Target | undefined {
  targets.byId ??= new Map(
    targets.all.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])),
  );
  return targets.byId.get(id);
}
