/** How people and organisations are named to people. */
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, HumanName, Reference } from '../fhir/types.ts';
import type { Repositories } from '../store/store.ts';

/** The person and the organisation that a reference stands for, by name. */
export async function namesOf(
  store: Pick<Repositories, 'clinical'>,
  tenant: string,
  reference: Reference | undefined,
): Promise<string[]> {
  const local = parseLocalReference(reference?.reference ?? '');
  const party = local && (await store.clinical.get(tenant, local.type, local.id));
  const own = reference?.display ?? nameIn(party);
  const behind = ['practitioner', 'organization'].flatMap((element) => referencesIn(party?.[element]));
  const others = await Promise.all(behind.map((one) => namesOf(store, tenant, one)));
  return [...new Set([...(own ? [own] : []), ...others.flat()])];
}

/** The name of a person or an organisation. */
export function nameIn(party: AnyResource | undefined): string | undefined {
  const name = party?.['name'] as string | HumanName[] | undefined;
  if (typeof name === 'string') return name;
  const [first] = name ?? [];
  return first && (first.text ?? [...(first.given ?? []), first.family].filter(Boolean).join(' '));
}

/** Of an element that may be absent, single or a list. */
export function referencesIn(value: unknown): Reference[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]) as Reference[];
}
