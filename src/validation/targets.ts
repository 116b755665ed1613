/** What urn and fragment references lead to, inside a Bundle or a resource (FHIR R4 §2.36.4.1, §2.3.0.2). */
import type { AnyResource } from '../fhir/types.ts';
import type { Targets } from './base-schema.ts';
import type { Finding, Place } from './place.ts';

/** The type of the resource that a reference leads to; undefined where that cannot be seen here. */
export type Resolve = (reference: string) => string | undefined;

/** References to contained resources and, of a Bundle, to the full URLs of its entries. */
export function resolverOf(root: AnyResource, bundle?: AnyResource): Resolve {
  let urls: Map<string, string> | undefined;
  return (reference) => {
    if (reference.startsWith('#')) return typeNamed(listOf(root['contained']), reference.slice(1));
    if (!bundle) return undefined;
    urls ??= new Map(
      listOf(bundle['entry']).flatMap((entry): [string, string][] => {
        const { fullUrl, resource } = entry as { fullUrl?: unknown; resource?: { resourceType?: unknown } };
        const type = resource?.resourceType;
        return typeof fullUrl === 'string' && typeof type === 'string' ? [[fullUrl, type]] : [];
      }),
    );
    return urls.get(reference);
  };
}

function listOf(value: unknown): object[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.filter((one) => typeof one === 'object' && one !== null);
}

function typeNamed(resources: readonly object[], id: string): string | undefined {
  const found = resources.find((one) => (one as { id?: unknown }).id === id) as { resourceType?: unknown };
  return typeof found?.resourceType === 'string' ? found.resourceType : undefined;
}

/** What is wrong with where a reference leads; `base` is its element as R4 names it, `more` what profiles say of its path. */
export function targetIssue(
  value: object,
  base: readonly string[] | undefined,
  more: readonly Targets[],
  place: Readonly<Place>,
  resolve: Resolve,
): Finding | undefined {
  const { reference } = value as { reference?: unknown };
  if (typeof reference !== 'string' || !/^(#|[a-z]+:)/.test(reference)) return undefined; // a type stands in it
  const type = resolve(reference);
  if (type === undefined) return undefined;
  const path = place.filter((step) => typeof step === 'string').join('.');
  const wrong = [base, ...more.map((targets) => targets[path])].find(
    (allowed) => allowed && !allowed.includes(type),
  );
  if (!wrong) return undefined;
  const message = `référence attendue vers ${wrong.join(', ')}`;
  return { severity: 'error', code: 'value', message, below: 'reference' };
}

/** What is wrong with the type that a reference says it leads to: its literal form says another (FHIR R4 §2.3.0.3). */
export function typeIssue(value: object): Finding | undefined {
  const { reference, type } = value as { reference?: unknown; type?: unknown };
  if (typeof reference !== 'string' || typeof type !== 'string' || !/^[A-Z]\w+$/.test(type)) return undefined;
  const named = /^(?:https?:.*\/)?([A-Z][A-Za-z]+)(?:\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[^/]+)?|\?.*)$/.exec(reference)?.[1];
  if (named === undefined || named === type) return undefined;
  return { severity: 'error', code: 'value', message: 'type autre que celui que nomme la référence', below: 'type' };
} // prettier-ignore
