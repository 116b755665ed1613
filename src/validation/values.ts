/** JSON Schemas of single values: fixed and pattern values, required bindings, reference targets. */
import type { ElementDefinition, ElementType, Schema } from './definitions.ts';
import type { Terminology } from './terminology.ts';

/** `fixed[x]` or `pattern[x]` of an element, if it has one. */
export function valueConstraint(element: ElementDefinition): Schema | undefined {
  for (const [name, value] of Object.entries(element)) {
    if (/^fixed[A-Z]/.test(name)) return { const: value, description: 'valeur imposée' };
    if (/^pattern[A-Z]/.test(name)) return patternSchema(value);
  }
  return undefined;
}

/** Everything in the pattern must be found in the value; arrays hold at least one item for each of the pattern's. */
export function patternSchema(pattern: unknown): Schema {
  if (Array.isArray(pattern)) {
    return { type: 'array', allOf: pattern.map((item) => ({ contains: patternSchema(item) })) };
  }
  if (typeof pattern === 'object' && pattern !== null) {
    const names = Object.keys(pattern);
    const properties = Object.fromEntries(
      Object.entries(pattern).map(([name, value]) => [name, patternSchema(value)]),
    );
    return { type: 'object', properties, required: names };
  }
  return { const: pattern };
}

/** Schema of a required binding for the element's type; undefined when the set cannot be enumerated here. */
export function bindingSchema(element: ElementDefinition, terminology: Terminology): Schema | undefined {
  const { binding } = element;
  if (binding?.strength !== 'required' || !binding.valueSet) return undefined;
  const expansion = terminology.expand(binding.valueSet);
  if (!expansion) return undefined;
  const description = `code hors du jeu de valeurs ${binding.valueSet.split('|')[0]}`;
  const codings = [...expansion].map(([system, codes]) => ({
    properties: { system: { const: system }, code: { enum: [...codes] } },
    required: ['system', 'code'],
  }));
  const coding: Schema = { anyOf: codings, description };
  switch (element.type?.[0]?.code) {
    case 'Coding':
      return coding;
    case 'CodeableConcept':
      return {
        properties: { coding: { type: 'array', contains: coding, description } },
        required: ['coding'],
      };
    case 'code':
    case 'string':
    case 'uri':
      return { enum: [...new Set([...expansion.values()].flatMap((codes) => [...codes]))], description };
    default:
      return undefined;
  }
}

/** The resource types that a reference may lead to; undefined where any may stand, or where they cannot be told. */
export function targetsOf(types: readonly ElementType[] | undefined): string[] | undefined {
  const targets = (types ?? [])
    .filter((type) => type.code === 'Reference')
    .flatMap((type) => type.targetProfile ?? []);
  const names = targets.map(
    (url) => /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/([A-Z]\w+)$/.exec(url)?.[1],
  );
  const known = names.filter((name) => name !== undefined && name !== 'Resource');
  return targets.length && known.length === names.length ? [...new Set(known as string[])] : undefined;
}

/**
 * A literal reference must name one of the target types, where its form tells a type; logical references and absolute URLs of
 * another form pass, and urn and fragment references are judged by what they lead to.
 */
export function targetSchema(types: readonly ElementType[] | undefined): Schema | undefined {
  const names = targetsOf(types);
  if (!names) return undefined;
  const description = `référence attendue vers ${names.join(', ')}`;
  return {
    properties: {
      reference: {
        pattern: `^(urn:|#|(https?://.*/)?(${names.join('|')})(/|\\?|$)|https?://(?!.*/[A-Z][A-Za-z]+[/?]))`,
        description,
      },
      type: { enum: names, description },
    },
  };
}
