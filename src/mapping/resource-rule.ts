/** One resource of a mapping: for which items, under which key, with which elements. */
import { canonicalBase, managedByTag, networkSystem, publicationSource } from '../fhir/names.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { withBase } from './code-tables.ts';
import {
  below,
  type Compilation,
  isObject,
  type Loop,
  type Place,
  refuse,
  ruleName,
  textOf,
} from './compilation.ts';
import { type Condition, compileCondition, pathAt } from './conditions.ts';
import { type Compiled, constant, constantsOf, sequence, step } from './compiled.ts';
import { compileWriter, elementsOf, type Writer } from './objects.ts';
import type { CompiledPath } from './paths.ts';
import { compileTemplate, type Template } from './template.ts';
import type { ResourceClass } from './types.ts';

export type ResourceRule = {
  name: string;
  /** `file:line`. */
  rule: string;
  index: number;
  type: string;
  class: ResourceClass;
  loop: Loop | undefined;
  /** Local id of the item, by which `$id` of a reference finds it. */
  id: CompiledPath | undefined;
  when: Condition | undefined;
  keySystem: string;
  keyValue: Template;
  /** `meta.profile`, `meta.source` and `meta.tag` of everything published. */
  meta: Compiled;
  /** The key, then the other identifiers. */
  identifiers: Compiled;
  /** All elements but the identifiers. */
  elements: Writer;
};

/** What the engine writes itself, or what belongs to servers. */
const notForRules = ['resourceType', 'id', 'meta', 'implicitRules', 'text', '$for', '$when'];

export function compileResource(
  compilation: Compilation,
  name: string,
  place: Place<JsonObject>,
): ResourceRule | undefined {
  const signature = compilation.rules.get(name);
  if (!signature) return undefined;
  const { node } = place;
  const { loop } = signature;
  const loops = loop ? [loop] : [];
  const elements = below(place, 'elements') as Place<JsonObject>;
  for (const element of notForRules.filter((one) => one in elements.node)) {
    refuse(
      compilation,
      below(elements, element),
      'forbidden',
      `« ${element} » ne s'écrit pas par une règle.`,
    );
  }
  const key = isObject(node['key']) ? (below(place, 'key') as Place<JsonObject>) : undefined;
  const keySystem = keySystemOf(node);
  const keyPlace = key ? below(key, 'value') : below(place, 'key');
  const type =
    key && 'type' in key.node ? compilation.expression(compilation, below(key, 'type'), []) : undefined;
  const keyValue = compileTemplate(compilation, keyPlace, loops);
  const { identifier, ...others } = Object.fromEntries(elementsOf(compilation, elements));
  const more = identifier ? itemsOf(compilation, identifier, loops) : [];
  const rule = ruleName(place);
  return {
    name,
    rule,
    index: signature.index,
    type: signature.type,
    class: node['class'] as ResourceClass,
    loop,
    id: 'id' in node ? pathAt(compilation, below(place, 'id'), loops) : undefined,
    when: 'when' in node ? compileCondition(compilation, below(place, 'when'), loops) : undefined,
    keySystem,
    keyValue,
    meta: compileMeta(compilation, place, loops),
    identifiers: sequence([keyIdentifier(keySystem, type, keyValue, rule), ...more]),
    elements: compileWriter(compilation, new Map(Object.entries(others)), loops),
  };
}

/** Items of a list that the engine has put something in front of. */
function itemsOf(compilation: Compilation, place: Place, loops: readonly Loop[]): Compiled[] {
  const items = Array.isArray(place.node) ? place.node : [];
  return items.map((_, index) =>
    compilation.expression(compilation, below(place as Place<Json[]>, index), loops),
  );
}

export function keySystemOf({ key }: JsonObject): string {
  return isObject(key) ? withBase(textOf(key['system'])) : networkSystem;
}

/** A key is official; its type is a constant of the mapping. */
function keyIdentifier(system: string, type: Compiled | undefined, key: Template, rule: string): Compiled {
  const [concept] = type ? constantsOf([type]) : [];
  const evaluate: Compiled['evaluate'] = (run) => {
    if (run.trace) {
      run.trace.enter('.value');
      run.trace.note(rule, key.pointer(run));
      run.trace.leave();
    }
    const value = run.key;
    return concept === undefined
      ? { use: 'official', system, value }
      : { use: 'official', type: concept, system, value };
  };
  return { evaluate, constant: false, evidence: true };
}

function compileMeta(compilation: Compilation, place: Place<JsonObject>, loops: readonly Loop[]): Compiled {
  const profile = `${canonicalBase}/StructureDefinition/${textOf(place.node['profile'])}`;
  const rule = ruleName(place);
  const fixed = { profile: [profile, ...alsoMet(compilation, place)], source: publicationSource };
  if (!('tag' in place.node)) return constant({ ...fixed, tag: [managedByTag] }, rule);
  const tags = sequence([constant(managedByTag, rule), ...itemsOf(compilation, below(place, 'tag'), loops)]);
  const parts = Object.entries(fixed).map(([name, value]) => ({
    name: `.${name}`,
    part: constant(value, rule),
  }));
  const evaluate: Compiled['evaluate'] = (run) => {
    if (run.trace) for (const { name, part } of parts) step(run, part, name);
    return { ...fixed, tag: step(run, tags, '.tag') };
  };
  return { evaluate, constant: false, evidence: false };
}

/** French profiles to name beside ours, when the configuration wants them named. */
function alsoMet({ alsoMeets, ...compilation }: Compilation, place: Place<JsonObject>): readonly string[] {
  if (!alsoMeets || !('alsoMeets' in place.node)) return [];
  const found = alsoMeets[textOf(place.node['alsoMeets'])];
  if (!found) {
    const message = `Profil français inconnu ; connus : ${Object.keys(alsoMeets).join(', ')}.`;
    refuse(compilation, below(place, 'alsoMeets'), 'not-found', message);
  }
  return found ?? [];
}
