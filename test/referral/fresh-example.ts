import type { AnyResource } from '../../src/fhir/types.ts';
import { example } from './story.ts';

/** The example as an order of its own, consented to for whoever receives it; `change` may do more to each resource. */
export function freshExample(
  mark: string,
  change: (resource: AnyResource) => void = () => undefined,
): AnyResource {
  const bundle = example();
  for (const { resource } of bundle['entry'] as { resource: AnyResource }[]) {
    const [identifier] = (resource['identifier'] ?? []) as { value?: string }[];
    if (['ServiceRequest', 'Task'].includes(resource.resourceType)) identifier!.value += `-${mark}`;
    if (resource.resourceType === 'Consent') delete (resource['provision'] as { actor?: unknown }).actor;
    change(resource);
  }
  return bundle;
}
