/** What a walk needs of a type: which properties hold objects, of which types, and the rules of the type. */
import { anyResource, isPrimitive, type Model } from './base-schema.ts';
import type { Holds } from './fhirpath/library.ts';
import { type Rule, ruleOf } from './fhirpath/rule.ts';
import type { Invariant, Invariants } from './invariants.ts';

/** An invariant ready to be asked. */
export type Ready = { key: string; human: string; severity: 'error' | 'warning'; holds: Rule };

/** `parts`: by property, also the `_` twins of primitives; the plan of `Resource` stands for nested resources. */
export type Plan = { type: string; parts: ReadonlyMap<string, Part>; rules: readonly Ready[] };

/** `name`: as FHIRPath has it, without the `_` of a twin. */
export type Part = { name: string; plan: Plan };

export type Plans = {
  /** The plan of a type or nested element. */
  of(type: string): Plan;
  /** The rules that one of our definitions adds to its type. */
  added(definition: string, type: string): readonly Ready[];
};

/** Plans, made when first asked for and kept. */
export function createPlans(model: Model, invariants: Invariants, library: Holds): Plans {
  const known = new Map<string, Plan>();
  const more = new Map<string, readonly Ready[]>();
  return { of, added };

  function of(type: string): Plan {
    const made = known.get(type);
    if (made) return made;
    const parts = new Map<string, Part>();
    const plan = { type, parts, rules: ready(invariants.types[type], type) };
    known.set(type, plan);
    if (type === anyResource) return plan;
    for (const [name, its] of Object.entries(model.shapes[type] ?? {})) {
      if (isPrimitive(its)) parts.set(`_${name}`, { name, plan: of('Element') });
      else parts.set(name, { name, plan: of(its) });
    }
    return plan;
  }

  function added(definition: string, type: string): readonly Ready[] {
    const made = more.get(definition) ?? ready(invariants.profiles[definition], type);
    more.set(definition, made);
    return made;
  }

  function ready(of: readonly Invariant[] | undefined, type: string): Ready[] {
    return (of ?? []).map(({ key, human, expression, severity }): Ready => {
      return { key, human, severity: severity ?? 'error', holds: ruleOf(expression, type, model, library) };
    });
  }
}
