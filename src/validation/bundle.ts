/** Bundles: unique full URLs, references that lead somewhere (FHIR R4 §2.36; §3.3.1 for documents). */
import type { Issue } from '../fhir/issue.ts';
import { referencesIn } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';

type Entry = { fullUrl?: unknown; resource?: AnyResource };

/** Issues of the links between the entries of a Bundle; the entries themselves are judged like any nested resource. */
export function checkBundle(bundle: AnyResource): Issue[] {
  const list: unknown = bundle['entry'];
  const entries = (Array.isArray(list) ? list : []) as Entry[];
  const fullUrls = new Set<string>();
  const issues: Issue[] = [];
  entries.forEach((entry, index) => {
    if (typeof entry?.fullUrl !== 'string') return;
    if (fullUrls.has(entry.fullUrl) && !isHistory(bundle)) {
      issues.push(
        issueAt(index, 'fullUrl', 'invariant', 'fullUrl en double dans le Bundle (bdl-7)', 'bdl-7'),
      );
    }
    fullUrls.add(entry.fullUrl);
  });
  entries.forEach((entry, index) => {
    const references = referencesIn(entry?.resource).filter((reference) => !leadsTo(reference, fullUrls));
    if (references.some(isUrn)) {
      issues.push(issueAt(index, 'resource', 'not-found', 'référence urn vers une entrée absente du Bundle'));
    } else if (index === 0 && bundle['type'] === 'document' && references.length) {
      const message = 'le document ne contient pas tout ce que sa Composition désigne';
      issues.push(issueAt(index, 'resource', 'not-found', message));
    }
  });
  return issues;
}

/** True for a reference into the resource itself, and for one that names an entry: whole, or relative to its server. */
function leadsTo(reference: string, fullUrls: ReadonlySet<string>): boolean {
  if (reference.startsWith('#') || fullUrls.has(reference)) return true;
  return /^[A-Z]/.test(reference) && [...fullUrls].some((url) => url.endsWith(`/${reference}`));
}

function isHistory(bundle: AnyResource): boolean {
  return bundle['type'] === 'history';
}

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
