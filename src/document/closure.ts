/** A document holds everything its Composition reaches and nothing else (DOC-01, DOC-02; resolution by CORE-09). */
import type { Issue } from '../fhir/issue.ts';
import type { Bundle, BundleEntry } from '../fhir/types.ts';

/** Missing or doubled fullUrls, entries with request parts, references that lead nowhere, entries nobody reaches. */
export function closureIssues(bundle: Bundle): Issue[] {
  const entries = bundle.entry ?? [];
  const issues: Issue[] = [];
  const byUrl = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const path = `Bundle.entry[${index}]`;
    if (!entry.fullUrl || byUrl.has(entry.fullUrl))
      issues.push(issue(`${path}.fullUrl`, 'Chaque entrée porte un fullUrl qui n’est qu’à elle.'));
    else byUrl.set(entry.fullUrl, index);
    if (!entry.resource) issues.push(issue(`${path}.resource`, 'Cette entrée est vide.'));
    if (entry.request ?? entry.response ?? entry.search)
      issues.push(issue(path, 'Une entrée de document n’a ni request, ni response, ni search.'));
  }
  const reached = new Set<number>([0]);
  for (const index of reached) {
    for (const { reference, path } of links(entries[index]?.resource, `Bundle.entry[${index}].resource`)) {
      if (reference.startsWith('#')) continue;
      const target = resolve(reference, entries[index], byUrl);
      if (target === undefined)
        issues.push(issue(path, 'Cette référence ne mène à aucune entrée du document.', 'not-found'));
      else reached.add(target); // a Set walks what is added meanwhile: each entry once
    }
  }
  for (const index of entries.keys())
    if (!reached.has(index))
      issues.push(issue(`Bundle.entry[${index}]`, 'Rien dans le document ne mène à cette entrée.'));
  return issues;
}

/** Exact, or relative to the RESTful base of the entry that refers. */
function resolve(
  reference: string,
  from: BundleEntry | undefined,
  byUrl: ReadonlyMap<string, number>,
): number | undefined {
  const exact = byUrl.get(reference);
  if (exact !== undefined || reference.includes(':')) return exact;
  const base = /^(https?:\/\/.+\/)[A-Z][A-Za-z]+\/[^/]+$/.exec(from?.fullUrl ?? '')?.[1];
  return base === undefined ? undefined : byUrl.get(`${base}${reference}`);
}

function links(value: unknown, path: string): { reference: string; path: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => links(item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name === 'reference' && typeof child === 'string'
      ? [{ reference: child, path }]
      : links(child, `${path}.${name}`),
  );
}

function issue(expression: string, message: string, code: Issue['code'] = 'invariant'): Issue {
  return { severity: 'error', code, message, expression };
}
