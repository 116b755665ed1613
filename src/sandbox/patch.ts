/** FHIRPath Patch (FHIR R4 §3.1.0.8.1), as far as this hospital goes: `replace` of an element directly below the resource. */
import type { AnyResource } from '../fhir/types.ts';
import { Refusal } from './answer.ts';
import type { Version } from './memory.ts';

type Part = { name?: string; [value: string]: unknown };

/** The resource of a version as the Parameters of a patch want it. Throws a Refusal. */
export function patched(before: Version | undefined, parameters: AnyResource): AnyResource {
  if (!before?.resource) throw new Refusal(404, 'not-found', 'Nothing to patch');
  const operations = (parameters['parameter'] ?? []) as { name?: string; part?: Part[] }[];
  if (parameters.resourceType !== 'Parameters' || operations.length === 0)
    throw new Refusal(400, 'invalid', 'A patch is Parameters with operations');
  return operations.reduce(applied, before.resource);
}

function applied(resource: AnyResource, { name, part = [] }: { name?: string; part?: Part[] }): AnyResource {
  const valueOf = (wanted: string): unknown => {
    const found = part.find((one) => one.name === wanted) ?? {};
    return Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
  };
  const [type, element, ...deeper] = String(valueOf('path')).split('.');
  const value = valueOf('value');
  if (
    name !== 'operation' ||
    valueOf('type') !== 'replace' ||
    !element ||
    deeper.length ||
    value === undefined
  )
    throw new Refusal(422, 'not-supported', 'This hospital replaces single elements only');
  if (type !== resource.resourceType || resource[element] === undefined)
    throw new Refusal(422, 'invalid', 'The path leads nowhere');
  return { ...resource, [element]: value };
}
