/** Bundles: unique full URLs, `urn:uuid` references that lead somewhere (FHIR R4 §2.36). */
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
    const missing = referencesIn(entry?.resource).filter(
      (reference) => isUrn(reference) && !fullUrls.has(reference),
    );
    if (missing.length) {
      issues.push(issueAt(index, 'resource', 'not-found', 'référence urn vers une entrée absente du Bundle'));
    }
  });
  return issues;
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
