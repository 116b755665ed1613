/**
 * JSON Schema of what a profile adds to its parent: read from its differential, with cardinalities and types of the
 * snapshot to know what repeats (FHIR R4 §5.1). The parent itself is applied by reference.
 */
import { presence, reference } from './base-schema.ts';
import type { ElementDefinition, Schema, StructureDefinition } from './definitions.ts';
import { type SliceContext, slicingSchema } from './slices.ts';
import type { Terminology } from './terminology.ts';
import { elementTree, type ElementNode } from './tree.ts';
import { bindingSchema, targetSchema, valueConstraint } from './values.ts';

/** What compiling a profile needs to know besides itself. */
export type ProfileContext = {
  terminology: Terminology;
  /** Definition name of a canonical URL: `Patient` for the base type, the profile's id for one of ours. */
  definitionOf(canonical: string): string | undefined;
  /** True for the name of a profile, false for that of a base type. */
  isProfile(name: string): boolean;
};

/** Schema of a profile: the profile it derives from and its own constraints. The base type is applied by the validator, once. */
export function profileSchema(profile: StructureDefinition, context: ProfileContext): Schema {
  const snapshot = new Map(profile.snapshot.element.map((element) => [element.id, element]));
  const root = elementTree(profile.differential.element);
  const parent = profile.baseDefinition && context.definitionOf(profile.baseDefinition);
  const own = objectConstraints(root);
  return {
    allOf: [...(parent && context.isProfile(parent) ? [reference(parent)] : []), ...(own ? [own] : [])],
  };

  function objectConstraints(node: ElementNode): Schema | undefined {
    const properties: Record<string, Schema> = {};
    const conditions: Schema[] = [];
    for (const child of node.children.values()) {
      const info = snapshot.get(child.id);
      if (!info) continue;
      for (const [name, element] of properNames(child, info)) {
        const min = Math.max(child.element?.min ?? 0, sliceMinimum(child));
        const max = child.element?.max;
        if (max === '0') {
          conditions.push(absence(name));
          continue;
        }
        if (min > 0 && !child.name.endsWith('[x]')) conditions.push(presence([name]));
        const schema = repeats(info) ? listConstraints(child, element) : valueConstraints(child, element);
        if (schema) properties[name] = schema;
      }
      if (child.name.endsWith('[x]')) conditions.push(...choiceConditions(child, info));
    }
    const hasProperties = Object.keys(properties).length > 0;
    if (!hasProperties && !conditions.length) return undefined;
    return { ...(hasProperties ? { properties } : {}), ...(conditions.length ? { allOf: conditions } : {}) };
  }

  /** The JSON names under which an element's value may stand, with the element that constrains each. */
  function properNames(child: ElementNode, info: ElementDefinition): [string, ElementDefinition][] {
    const element = { ...info, ...child.element };
    if (!child.name.endsWith('[x]')) return [[child.name, element]];
    const stem = child.name.slice(0, -3);
    return (info.type ?? []).map((type) => [stem + capital(type.code), { ...element, type: [type] }]);
  }

  function choiceConditions(child: ElementNode, info: ElementDefinition): Schema[] {
    const stem = child.name.slice(0, -3);
    const conditions: Schema[] = [];
    const allowed = (info.type ?? []).map((type) => stem + capital(type.code));
    if ((child.element?.min ?? 0) > 0) conditions.push(presence(allowed, child.name));
    if (child.element?.type) {
      const pattern = `^(?!_?${stem}[A-Z])|^_?(${allowed.join('|')})$`;
      conditions.push({ propertyNames: { pattern }, description: `type non permis pour ${child.name}` });
    }
    for (const slice of child.slices.values()) {
      const type = snapshot.get(slice.id)?.type?.[0]?.code;
      if (type && (slice.element?.min ?? 0) > 0)
        conditions.push(presence([stem + capital(type)], child.name));
      if (type && slice.element?.max === '0') conditions.push(absence(stem + capital(type)));
      const schema = type && valueConstraints(slice, { ...snapshot.get(slice.id)!, ...slice.element });
      if (type && schema) conditions.push({ properties: { [stem + capital(type)]: schema } });
    }
    return conditions;
  }

  function listConstraints(node: ElementNode, element: ElementDefinition): Schema | undefined {
    const item = valueConstraints(node, element);
    const max = node.element?.max;
    const min = node.element?.min ?? 0;
    const slicing = slicingSchema(node, sliceContext());
    const schema: Schema = {
      ...(item ? { items: item } : {}),
      ...(min > 1 ? { minItems: min } : {}),
      ...(max && max !== '*' ? { maxItems: Number(max) } : {}),
      ...(slicing ? { allOf: [slicing] } : {}),
    };
    return Object.keys(schema).length ? schema : undefined;
  }

  function valueConstraints(node: ElementNode, element: ElementDefinition): Schema | undefined {
    const own = node.element;
    const parts = [
      own && valueConstraint(own),
      own?.binding && bindingSchema(element, context.terminology),
      own?.type && targetSchema(own.type),
      own?.type && typeProfiles(own),
      objectConstraints(node),
    ].filter((part) => part !== undefined);
    if (parts.length === 0) return undefined;
    return parts.length === 1 ? parts[0] : { allOf: parts };
  }

  /** `type.profile` names a profile the value must satisfy; an extension is held to its definition wherever it stands. */
  function typeProfiles(element: ElementDefinition): Schema | undefined {
    const profiles = (element.type ?? [])
      .filter(({ code }) => code !== 'Extension')
      .flatMap((type) => type.profile ?? []);
    const names = profiles.map((url) => context.definitionOf(url)).filter((name) => name !== undefined);
    if (!names.length) return undefined;
    return names.length === 1 ? reference(names[0]!) : { anyOf: names.map(reference) };
  }

  function sliceContext(): SliceContext {
    return {
      snapshot,
      valueConstraints,
      terminology: context.terminology,
      definitionOf: (url) => context.definitionOf(url),
    };
  }
}

/** A list is as long as its slices demand, also where the profile says so of the slices alone. */
function sliceMinimum(node: ElementNode): number {
  return [...node.slices.values()].reduce((sum, slice) => sum + (slice.element?.min ?? 0), 0);
}

function repeats(info: ElementDefinition): boolean {
  const max = info.base?.max ?? info.max ?? '1';
  return max !== '1' && max !== '0';
}

function absence(name: string): Schema {
  const either = [{ required: [name] }, { required: [`_${name}`] }];
  return { not: { anyOf: either }, description: `élément non permis : ${name}` };
}

function capital(code: string): string {
  return code[0]!.toUpperCase() + code.slice(1);
}
