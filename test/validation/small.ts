/** StructureDefinitions of a few lines: a resource type Thing with the data types it needs, and profiles on it. */
import { compileDefinitions } from '../../src/validation/compile.ts';
import type {
  CodeSystem,
  ElementDefinition,
  StructureDefinition,
  ValueSet,
} from '../../src/validation/definitions.ts';
import { createValidator } from '../../src/validation/validator.ts';

type Written = Omit<ElementDefinition, 'id' | 'path'>;
type Elements = Record<string, Written>;

const core = 'http://hl7.org/fhir/StructureDefinition/';
const base = 'https://passerelle.example/fhir';

/** `'0..1'` and type names as an element; a reference names its targets. */
export function element(cardinality: string, types: string, more: Written = {}): Written {
  const [min, max] = cardinality.split('..') as [string, string];
  const type = types.split(' ').map((name) => {
    const [code, ...targets] = name.split(/[>|]/) as [string, ...string[]];
    return targets.length ? { code, targetProfile: targets.map((target) => core + target) } : { code };
  });
  return { min: Number(min), max, type, ...more };
}

function definition(id: string, kind: StructureDefinition['kind'], elements: Elements): StructureDefinition {
  const element = [
    { id, path: id, min: 0, max: '*' },
    ...Object.entries(elements).map(([name, written]) => {
      return { ...written, id: `${id}.${name}`, path: `${id}.${name}`, base: { max: written.max ?? '1' } };
    }),
  ];
  const rest = { name: id, kind, abstract: false, type: id, differential: { element: [] } };
  return { ...rest, id, url: core + id, snapshot: { element } };
}

const primitives = ['string', 'code', 'uri', 'boolean', 'dateTime'].map((id) =>
  definition(id, 'primitive-type', { value: element('0..1', 'string') }),
);

const thing: Elements = {
  meta: element('0..1', 'Meta'),
  extension: element('0..*', 'Extension'),
  status: element('1..1', 'code'),
  identifier: element('0..*', 'Identifier'),
  kind: element('0..*', 'CodeableConcept'),
  main: element('0..1', 'CodeableConcept'),
  tag: element('0..*', 'Coding'),
  note: element('0..*', 'string'),
  'value[x]': element('0..1', 'string boolean CodeableConcept'),
  subject: element('0..1', 'Reference>Thing'),
};

/** The types, each with the data types it needs. */
export const thingTypes = [
  ...primitives,
  definition('Element', 'complex-type', { extension: element('0..*', 'Extension') }),
  definition('Meta', 'complex-type', { profile: element('0..*', 'uri') }),
  definition('Extension', 'complex-type', {
    extension: element('0..*', 'Extension'),
    url: element('1..1', 'uri'),
    'value[x]': element('0..1', 'string boolean CodeableConcept'),
  }),
  definition('Identifier', 'complex-type', {
    use: element('0..1', 'code'),
    type: element('0..1', 'CodeableConcept'),
    system: element('0..1', 'uri'),
    value: element('0..1', 'string'),
  }),
  definition('Coding', 'complex-type', { system: element('0..1', 'uri'), code: element('0..1', 'code') }),
  definition('CodeableConcept', 'complex-type', {
    coding: element('0..*', 'Coding'),
    text: element('0..1', 'string'),
  }),
  definition('Reference', 'complex-type', {
    reference: element('0..1', 'string'),
    type: element('0..1', 'uri'),
  }),
  definition('Thing', 'resource', thing),
];

const typeOf = (id: string) => thingTypes.find((type) => type.id === id)!;

/** The element of a type that a path leads to, through data types (`Thing.identifier.system`). */
function inherited(path: string): ElementDefinition | undefined {
  const [root, ...names] = path.split('.') as [string, ...string[]];
  return names.reduce<ElementDefinition | undefined>((found, name, index) => {
    const holder = index === 0 ? root : found?.type?.[0]?.code;
    return typeOf(holder ?? '')?.snapshot.element.find(({ path: at }) => at === `${holder}.${name}`);
  }, undefined);
}

/** A profile by its differential, with the snapshot that follows from it. Ids start with the type: `Thing.tag:first`. */
export function profile(id: string, type: string, differential: Elements): StructureDefinition {
  const own = Object.entries(differential).map(([elementId, written]) => {
    const path = elementId.replace(/:[^.]+/g, '');
    return { ...written, id: elementId, path };
  });
  const merged = own.map((one) => ({ ...inherited(one.path), ...one }));
  const rest = typeOf(type).snapshot.element.filter((one) => !own.some(({ id: taken }) => taken === one.id));
  return {
    ...{
      id,
      name: id,
      url: `${base}/StructureDefinition/${id}`,
      kind: typeOf(type).kind,
      abstract: false,
      type,
    },
    ...{ baseDefinition: core + type, derivation: 'constraint' },
    snapshot: { element: [...rest, ...merged] },
    differential: { element: own },
  };
}

export const colours: CodeSystem = { url: `${base}/colours`, concept: [{ code: 'red' }, { code: 'green' }] };
export const colourSet: ValueSet = {
  url: `${base}/ValueSet/colours`,
  compose: { include: [{ system: colours.url }] },
};

/** What the first profile says of a Thing: `expression code` of each issue. */
export function verdictOf(
  profiles: readonly StructureDefinition[],
  thing: object,
  valueSets = [colourSet],
): string[] {
  const sources = { types: thingTypes, profiles, valueSets, codeSystems: [colours], closedSystems: [] };
  const validator = createValidator(compileDefinitions(sources), () => true);
  const issues = validator.validate({ resourceType: 'Thing', status: 'x', ...thing }, [profiles[0]!.url]);
  return [...new Set(issues.map(({ expression, code }) => `${expression} ${code}`))];
}
