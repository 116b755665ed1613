/** Authors and authenticator inside the metadata, as readers without a directory need them (MHD-04, PDSm: contained 1..). Pure. */
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { DocumentFacts, Person } from './facts.ts';

/** Elements of a DocumentReference. Each reference keeps the identifier and the name it had beside the contained resource. */
export function containedPeople({
  authors,
  authenticator,
}: Pick<DocumentFacts, 'authors' | 'authenticator'>): {
  contained?: AnyResource[];
  author: Reference[];
  authenticator?: Reference;
} {
  const contained: AnyResource[] = [];
  const ids = new Map<string, string>();
  const within = (person: Person): Reference => {
    const same = JSON.stringify(person.reference);
    const id = ids.get(same) ?? `personne-${ids.size + 1}`;
    const body = ids.has(same) ? undefined : bodyOf(person, id);
    if (body) contained.push(body);
    if (!body && !ids.has(same)) return person.reference;
    ids.set(same, id);
    return { reference: `#${id}`, ...person.reference };
  };
  const author = authors.map(within);
  const signs = authenticator && within(authenticator);
  return {
    ...(contained.length ? { contained } : {}),
    ...{ author, ...(signs ? { authenticator: signs } : {}) },
  };
}

/** Nothing for somebody of whom it is not said whether they are a person or an organisation. */
function bodyOf(
  { reference: { type, identifier, display }, name }: Person,
  id: string,
): AnyResource | undefined {
  const known = identifier ? { identifier: [identifier] } : {};
  const named = name ?? (display ? { text: display } : undefined);
  if (type === 'Practitioner')
    return { resourceType: type, id, ...known, ...(named ? { name: [named] } : {}) };
  if (type === 'PractitionerRole')
    return { resourceType: type, id, ...known, ...(display ? { practitioner: { display } } : {}) };
  if (type === 'Organization')
    return { resourceType: type, id, ...known, ...(display ? { name: display } : {}) };
  return undefined;
}
