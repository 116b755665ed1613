/** A hospital's clock may be ahead of ours: what it dates later than now is dated now. Pure. */
import type { AnyResource } from '../fhir/types.ts';

const dates = ['authoredOn', 'lastModified'];

/** The same resource, or a Task that is not older than what is done with it: nothing is modified before it was written (R4, Task inv-1). */
export function notAhead(resource: AnyResource, now: Date): AnyResource {
  if (resource.resourceType !== 'Task') return resource;
  const late = dates.filter((name) => Date.parse(String(resource[name])) > now.getTime());
  return { ...resource, ...Object.fromEntries(late.map((name) => [name, now.toISOString()])) };
}
