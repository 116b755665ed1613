/**
 * JSON Schemas of R4 types from their snapshots (FHIR R4 §5.3, §2.6.2): closed objects, cardinality, primitive forms,
 * required bindings, reference targets. Every type and every nested (backbone) element becomes one named definition.
 */
import type { ElementDefinition, Schema, StructureDefinition } from './definitions.ts';
import { primitiveSchema } from './primitives.ts';
import type { Terminology } from './terminology.ts';
import { elementTree, type ElementNode } from './tree.ts';
import { bindingSchema, targetSchema, targetsOf } from './values.ts';

/** Name of the definition that accepts a resource of any known type. */
export const anyResource = 'Resource';

/** For each object type: the type of each property, choices already spelled out. Invariants are found along it. */
export type Shapes = Record<string, Record<string, string>>;

/** For each object type with choice elements: the properties that each may stand under, by its name without `[x]`. */
export type Choices = Record<string, Record<string, string[]>>;

/** What is known of R4 beside schemas: enough to find the way of an expression through a resource. */
export type Model = { shapes: Shapes; choices: Choices };

/** The resource types that references may lead to, by element (`Task.owner`); absent where any may stand. */
export type Targets = Record<string, string[]>;

export type BaseSchemas = Model & { definitions: Record<string, Schema>; targets: Targets };

/** Definitions of the given types. `resourceTypes` is what `contained` and `Bundle.entry.resource` may hold. */
export function baseSchemas(
  types: readonly StructureDefinition[],
  resourceTypes: readonly string[],
  terminology: Terminology,
): BaseSchemas {
  const definitions: Record<string, Schema> = {};
  const shapes: Shapes = {};
  const choices: Choices = {};
  const targets: Targets = {};
  for (const type of types) {
    if (type.kind === 'primitive-type') definitions[type.id] = primitiveSchema(type);
    else
      addObject(elementTree(type.snapshot.element), type.id, type.kind === 'resource' ? type.id : undefined);
  }
  definitions['Extension'] = {
    allOf: [definitions['Extension'] ?? {}, ...valueOrParts(shapes['Extension'])],
  };
  definitions['Reference'] = { allOf: [definitions['Reference'] ?? {}, spaceless] };
  definitions[anyResource] = resourceSchema(resourceTypes);
  return { definitions, shapes, choices, targets };

  function addObject(node: ElementNode, name: string, resourceType?: string): void {
    const properties: Record<string, Schema> = {};
    const conditions: Schema[] = [];
    const shape: Record<string, string> = {};
    if (resourceType) properties['resourceType'] = { const: resourceType };
    for (const child of node.children.values()) {
      const element = child.element!;
      const alternatives = alternativesOf(child, element);
      if (child.name.endsWith('[x]')) {
        (choices[name] ??= {})[child.name.slice(0, -3)] = alternatives.map(({ property }) => property);
      }
      for (const { property, type, schema } of alternatives) {
        const many = element.max !== '1' && element.max !== '0';
        properties[property] = many ? { type: 'array', minItems: 1, items: nullable(type, schema) } : schema;
        shape[property] = type;
        if (isPrimitive(type)) properties[`_${property}`] = primitiveExtras(many);
        const allowed = type === 'Reference' ? targetsOf(element.type) : undefined;
        if (allowed) targets[`${name}.${property}`] = allowed;
      }
      if ((element.min ?? 0) > 0) {
        conditions.push(
          presence(
            alternatives.map((one) => one.property),
            child.name,
          ),
        );
      }
      if (alternatives.length > 1 && name !== 'Extension')
        conditions.push(atMostOne(alternatives.map((one) => one.property)));
    }
    shapes[name] = shape;
    definitions[name] = {
      type: 'object',
      properties,
      additionalProperties: false,
      filled: true,
      ...(resourceType ? { required: ['resourceType'] } : {}),
      ...(conditions.length ? { allOf: conditions } : {}),
    };
  }

  function alternativesOf(child: ElementNode, element: ElementDefinition) {
    if (element.contentReference) {
      const target = element.contentReference.replace(/^.*#/, '');
      return [{ property: child.name, type: target, schema: reference(target) }];
    }
    if (child.children.size) {
      addObject(child, element.path);
      return [{ property: child.name, type: element.path, schema: reference(element.path) }];
    }
    const choice = child.name.endsWith('[x]');
    return (element.type ?? []).map((elementType) => {
      const type = typeName(elementType.code, element.path);
      const property = choice ? child.name.slice(0, -3) + type[0]!.toUpperCase() + type.slice(1) : child.name;
      return { property, type, schema: valueSchema(type, element) };
    });
  }

  function valueSchema(type: string, element: ElementDefinition): Schema {
    if (element.path === extensionValue && !isPrimitive(type)) return { type: 'object' };
    const extra = [
      bindingSchema({ ...element, type: [{ code: type }] }, terminology),
      type === 'Reference' ? targetSchema(element.type) : undefined,
    ].filter((schema) => schema !== undefined);
    return extra.length ? { allOf: [reference(type), ...extra] } : reference(type);
  }
}

/** An extension may hold a value of any type: each is judged on its own, or one extension would compile them all. */
const extensionValue = 'Extension.value[x]';

/** ext-1: an extension holds a value or extensions, one of the two. */
function valueOrParts(shape: Record<string, string> = {}): Schema[] {
  const forms = [...Object.keys(shape).filter((name) => name.startsWith('value')), 'extension'];
  return [
    { ...presence(forms), description: 'extension sans valeur ni extensions', missing: 'value' },
    { atMostOneOf: forms, description: 'plusieurs valeurs, ou valeur et extensions à la fois (ext-1)' },
  ];
}

/** R4 gives a reference the type string and says that it is a URL (§2.3.0). */
const spaceless: Schema = { properties: { reference: { pattern: '^\\S*$' } } };

/** The FHIRPath system types stand for ids and extension URLs; R4 lists the id of a resource as a mere string. */
function typeName(code: string, path: string): string {
  if (!code.startsWith('http://hl7.org/fhirpath/')) return code;
  return /^[A-Z]\w+\.id$/.test(path) ? 'id' : 'string';
}

export function reference(name: string): Schema {
  return { $ref: name };
}

/** Types whose JSON form is a plain value start with a small letter (FHIR R4 §2.24.0.1). */
export function isPrimitive(type: string): boolean {
  return /^[a-z]/.test(type) && type !== 'xhtml';
}

/** At least one of the properties, or of their `_` twins that may say why a value is absent. */
export function presence(properties: readonly string[], name = properties[0]!): Schema {
  return {
    someOf: properties,
    description: `élément obligatoire absent : ${name}`,
    missing: name,
  };
}

function atMostOne(properties: readonly string[]): Schema {
  return { atMostOneOf: properties, description: 'une seule forme permise' };
}

/** In a list of primitives a null holds the place of a value that has only extensions. */
function nullable(type: string, schema: Schema): Schema {
  return isPrimitive(type) ? orNull(schema) : schema;
}

function orNull(schema: Schema): Schema {
  return { if: { type: 'null' }, else: schema };
}

function primitiveExtras(many: boolean): Schema {
  return many ? { type: 'array', items: orNull(reference('Element')) } : reference('Element');
}

/** Nested resources are judged one by one by the validator, so that using one type does not compile them all. */
function resourceSchema(resourceTypes: readonly string[]): Schema {
  return {
    type: 'object',
    required: ['resourceType'],
    properties: {
      resourceType: { enum: [...resourceTypes], description: 'type de ressource non pris en charge' },
    },
  };
}
