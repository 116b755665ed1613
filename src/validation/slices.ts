/**
 * Slicing of a repeating element (FHIR R4 §5.1.0.14): each slice is recognised by its discriminators and counted,
 * and its constraints apply to the items recognised.
 */
import type { Discriminator, ElementDefinition, Schema } from './definitions.ts';
import type { SliceSchema } from './keywords.ts';
import type { Terminology } from './terminology.ts';
import type { ElementNode } from './tree.ts';
import { bindingSchema, valueConstraint } from './values.ts';

export type SliceContext = {
  snapshot: ReadonlyMap<string, ElementDefinition>;
  valueConstraints(node: ElementNode, element: ElementDefinition): Schema | undefined;
  terminology: Terminology;
  definitionOf(canonical: string): string | undefined;
};

/** Schema of the list for all slices named in the differential; undefined without slices. */
export function slicingSchema(node: ElementNode, context: SliceContext): Schema | undefined {
  if (!node.slices.size) return undefined;
  const slicing = context.snapshot.get(node.id)?.slicing;
  const discriminators = slicing?.discriminator ?? [];
  const slices: SliceSchema[] = [];
  for (const [name, slice] of node.slices) {
    const info = context.snapshot.get(slice.id);
    const match = info && recogniserOf(slice, info, discriminators, context);
    if (!match) continue;
    const then = context.valueConstraints(slice, { ...info, ...slice.element });
    const max = info.max === undefined || info.max === '*' ? undefined : Number(info.max);
    slices.push({
      ...{ name, match },
      ...(then ? { then } : {}),
      ...(info.min ? { min: info.min } : {}),
      ...(max === undefined ? {} : { max }),
    });
  }
  if (!slices.length) return undefined;
  const isExtension = node.id === 'Extension.extension';
  if (slicing?.rules !== 'closed' && !isExtension) return { slices };
  const inherited = inheritedSlices(node, context).map((slice) =>
    recogniserOf(slice, context.snapshot.get(slice.id)!, discriminators, context),
  );
  if (inherited.includes(undefined)) return { slices };
  const anyOf = [
    ...slices.map(({ match }) => match),
    ...inherited.map((match) => match!),
    ...(isExtension ? [elsewhereDefined] : []),
  ];
  return { slices, items: { anyOf, description: 'élément hors des formes prévues par le profil' } };
}

/** Slices that the snapshot has and the differential leaves as its parent has them: a closed list holds theirs too. */
function inheritedSlices(node: ElementNode, { snapshot }: SliceContext): ElementNode[] {
  const names = [...snapshot.keys()].flatMap((id) => (id.startsWith(`${node.id}:`) ? [id.slice(node.id.length + 1)] : []));
  return names
    .filter((name) => !name.includes('.') && !node.slices.has(name))
    .map((name) => ({ name: node.name, id: `${node.id}:${name}`, element: undefined, children: new Map(), slices: new Map() }));
} // prettier-ignore

/** A part of a complex extension is one the extension names, or an extension of its own (FHIR R4 §2.4.0.1). */
const elsewhereDefined: Schema = { properties: { url: { pattern: '^[a-z][a-z0-9+.-]*:' } } };

/** Schema that holds exactly for the items of a slice; undefined when a discriminator is of a form not compiled. */
function recogniserOf(
  slice: ElementNode,
  info: ElementDefinition,
  discriminators: readonly Discriminator[],
  context: SliceContext,
): Schema | undefined {
  const parts: Schema[] = [];
  for (const discriminator of discriminators) {
    const part = onePart(slice, info, discriminator, context);
    if (!part) return undefined;
    parts.push(part);
  }
  if (!parts.length) return undefined;
  return parts.length === 1 ? parts[0] : { allOf: parts };
}

function onePart(
  slice: ElementNode,
  info: ElementDefinition,
  discriminator: Discriminator,
  context: SliceContext,
): Schema | undefined {
  const segments = discriminator.path === '$this' ? [] : discriminator.path.split('.');
  if (discriminator.type === 'profile' || discriminator.type === 'type') {
    return typePart(slice, info, discriminator, segments, context);
  }
  if (segments.some((segment) => segment.includes('('))) return undefined;
  if (discriminator.type === 'exists') {
    const target = context.snapshot.get([slice.id, ...segments].join('.'));
    const present = path(segments, {}, slice.id, context);
    return target?.max === '0' ? { not: present } : present;
  }
  const extensionUrl = info.type?.[0]?.code === 'Extension' ? info.type[0].profile?.[0] : undefined;
  if (extensionUrl && discriminator.path === 'url')
    return path(['url'], { const: extensionUrl }, slice.id, context);
  const constraint = constraintAt(slice, info, segments, context);
  return constraint && path(segments, constraint, slice.id, context);
}

/** The constraint that distinguishes the slice, on the element the path leads to or on one above it (patterns). */
function constraintAt(
  slice: ElementNode,
  info: ElementDefinition,
  segments: readonly string[],
  context: SliceContext,
): Schema | undefined {
  const targetId = [slice.id, ...segments].join('.');
  const target = segments.length ? context.snapshot.get(targetId) : info;
  if (target) {
    const direct = valueConstraint(target) ?? bindingSchema(target, context.terminology);
    if (direct) return direct;
  }
  const patternValue = patternAbove(slice.id, segments, context.snapshot);
  return patternValue === undefined ? undefined : { const: patternValue };
}

function patternAbove(
  sliceId: string,
  segments: readonly string[],
  snapshot: ReadonlyMap<string, ElementDefinition>,
): unknown {
  for (let depth = segments.length - 1; depth >= 0; depth -= 1) {
    const element = snapshot.get([sliceId, ...segments.slice(0, depth)].join('.'));
    const entry = element && Object.entries(element).find(([name]) => /^(pattern|fixed)[A-Z]/.test(name));
    if (!entry) continue;
    return segments.slice(depth).reduce<unknown>((value, name) => step(value, name), entry[1]);
  }
  return undefined;
}

function step(value: unknown, name: string): unknown {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'object' && one !== null ? (one as Record<string, unknown>)[name] : undefined;
}

function typePart(
  slice: ElementNode,
  info: ElementDefinition,
  discriminator: Discriminator,
  segments: readonly string[],
  context: SliceContext,
): Schema | undefined {
  const target = segments.length ? context.snapshot.get([slice.id, ...segments].join('.')) : info;
  const type = target?.type?.[0];
  if (!type) return undefined;
  const profile = type.profile?.[0] && context.definitionOf(type.profile[0]);
  const schema: Schema =
    discriminator.type === 'profile' && profile
      ? { $ref: profile }
      : { properties: { resourceType: { const: type.code } }, required: ['resourceType'] };
  return path(segments, schema, slice.id, context);
}

/** A schema that holds when the element at the path exists and satisfies `schema`, in any item where it repeats. */
function path(segments: readonly string[], schema: Schema, from: string, context: SliceContext): Schema {
  const [head, ...rest] = segments;
  if (head === undefined) return schema;
  const id = `${from}.${head}`;
  const inner = path(rest, schema, id, context);
  const max = context.snapshot.get(id)?.base?.max ?? (neverRepeats.has(head) ? '1' : undefined);
  const value: Schema =
    max === '1' || max === '0' ? inner
    : max ? { contains: inner }
    : { if: { type: 'array' }, then: { contains: inner }, else: inner }; // prettier-ignore
  return { properties: { [head]: value }, required: [head] };
}

/** Elements of data types that tell slices apart, and that a snapshot does not always list. */
const neverRepeats = new Set(['url', 'system', 'code', 'use', 'value']);
