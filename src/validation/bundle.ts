/** Bundles: full URLs, references that lead somewhere (FHIR R4 §2.36.4; §3.3.1 for documents). */
import type { Issue } from '../fhir/issue.ts';
import { referencesIn } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';

type Entry = { fullUrl?: unknown; resource?: AnyResource };

/** Bundles whose entries are resources that exist; requests and the answers to them may be of some that do not yet. */
const ofResources = new Set<unknown>(['document', 'message', 'collection', 'searchset', 'history']);

/** Issues of the links between the entries of a Bundle; the entries themselves are judged like any nested resource. */
export function checkBundle(bundle: AnyResource): Issue[] {
  const list: unknown = bundle['entry'];
  const entries = (Array.isArray(list) ? list : []) as Entry[];
  const urls = new Set<string>();
  const versions = new Set<string>();
  const issues = entries.flatMap((entry, index) => {
    const wrong = fullUrlFault(entry, bundle, versions);
    if (typeof entry?.fullUrl === 'string') urls.add(entry.fullUrl);
    return wrong ? [issueAt(index, 'fullUrl', ...wrong)] : [];
  });
  const relative = new Set([...urls].flatMap((url) => restful.exec(url)?.[1] ?? []));
  const leadsTo = (reference: string): boolean =>
    reference.startsWith('#') || urls.has(reference) || relative.has(reference);
  entries.forEach((entry, index) => {
    if (entry?.resource?.resourceType === 'Bundle') return; // its references are between its own entries
    const lost = referencesIn(entry?.resource).filter((reference) => !leadsTo(reference));
    if (lost.some(isUrn)) {
      issues.push(issueAt(index, 'resource', 'not-found', 'référence urn vers une entrée absente du Bundle'));
    } else if (index === 0 && bundle['type'] === 'document' && lost.length) {
      const message = 'le document ne contient pas tout ce que sa Composition désigne';
      issues.push(issueAt(index, 'resource', 'not-found', message));
    }
  });
  return issues;
}

/** `Type/id` at the end of an absolute URL, as a server has it. */
const restful = /^[^/]+:.*\/([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})$/;

type Fault = [code: Issue['code'], message: string, rule?: string];

/** `seen`: the full URLs with their versions so far; this one is added. */
function fullUrlFault(entry: Entry | null, bundle: AnyResource, seen: Set<string>): Fault | undefined {
  const { fullUrl, resource } = entry ?? {};
  if (fullUrl === undefined && resource && ofResources.has(bundle['type'])) {
    return ['required', 'fullUrl attendu : l’identité de la ressource de l’entrée'];
  }
  if (typeof fullUrl !== 'string') return undefined;
  const key = `${fullUrl} ${String(resource?.meta?.['versionId'] ?? '')}`;
  const isRepeated = seen.has(key) && bundle['type'] !== 'history';
  seen.add(key);
  if (isRepeated) return ['invariant', 'fullUrl en double dans le Bundle (bdl-7)', 'bdl-7'];
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:/.test(fullUrl)) return ['value', 'fullUrl absolu attendu'];
  const named = /^https?:/.test(fullUrl) ? restful.exec(fullUrl)?.[1] : undefined;
  if (!named || typeof resource?.id !== 'string' || named === `${resource.resourceType}/${resource.id}`) return undefined;
  return ['value', 'fullUrl qui ne nomme pas le type et l’id de la ressource'];
} // prettier-ignore

function isUrn(reference: string): boolean {
  return reference.startsWith('urn:uuid:') || reference.startsWith('urn:oid:');
}

function issueAt(index: number, element: string, code: Issue['code'], message: string, rule?: string): Issue {
  return {
    severity: 'error',
    code,
    message,
    expression: `Bundle.entry[${index}].${element}`,
    ...(rule ? { rule } : {}),
  };
}
