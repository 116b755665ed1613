/** Resources as a hospital's server gives them back: its ids, its references, what it and others have added. */
import { mapReferences } from '../../../src/fhir/references.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';

const base = 'https://hopital.example/fhir';

export function asServerGives(resources: readonly AnyResource[]): AnyResource[] {
  const ids = new Map(
    resources.map(({ resourceType, id }, index) => [
      `${resourceType}/${id}`,
      `${resourceType}/${1000 + index}`,
    ]),
  );
  const served = resources.map((resource, index): AnyResource => {
    const renamed = mapReferences(resource, (reference) => {
      const id = ids.get(reference);
      return id && (index % 2 ? `${base}/${id}` : id);
    });
    const { extension = [] } = renamed as { extension?: object[] };
    return {
      ...decorated(renamed),
      id: String(1000 + index),
      meta: { ...resource.meta, versionId: '3', lastUpdated: '2026-11-20T10:00:00.000+00:00' },
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">texte</div>' },
      extension: [...extension, { url: 'https://hopital.example/checked', valueBoolean: true }],
    };
  });
  return [...served, provenance];
}

const provenance: AnyResource = {
  resourceType: 'Provenance',
  id: '1',
  target: [{ reference: 'Organization/1000' }],
  recorded: '2026-11-20T10:00:00Z',
  agent: [{ who: { display: 'serveur' } }],
};

/** A server may add what a reference points to, for display. */
function decorated<T>(value: T): T {
  if (Array.isArray(value)) return value.map(decorated) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, decorated(child as unknown)]),
  );
  const isReference = typeof copy['reference'] === 'string';
  return (isReference ? { ...copy, display: 'ajouté par le serveur' } : copy) as T;
}
