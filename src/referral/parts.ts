/** The entries of a referral transaction, by type and by fullUrl, and whether they are the ones a referral may have. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { ReferralRules } from './rules.ts';

export type Part = { index: number; fullUrl: string; resource: AnyResource };

/** Entries in the order of the request. */
export type Parts = { all: readonly Part[]; byUrl: ReadonlyMap<string, Part> };

/** Path of an entry's resource, for `OperationOutcome.issue.expression`. */
export function at(part: Part, element = ''): string {
  return `Bundle.entry[${part.index}].resource${element && `.${element}`}`;
}

export function partsOf(parts: Parts, type: string): Part[] {
  return parts.all.filter((part) => part.resource.resourceType === type);
}

/** The only entry of a type that the rules say comes exactly once. */
export function thePart(parts: Parts, type: string): Part {
  return partsOf(parts, type)[0]!;
}

/** Values of an element, whether it repeats or not. */
export function valuesOf(resource: AnyResource, element: string): unknown[] {
  const value = resource[element];
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}

/** Reads the Bundle; with errors among the issues the parts are not to be used. */
export function readParts(bundle: AnyResource, rules: ReferralRules): { parts: Parts; issues: Issue[] } {
  const issues: Issue[] = [];
  const all: Part[] = [];
  const byUrl = new Map<string, Part>();
  if (bundle.resourceType !== 'Bundle' || bundle['type'] !== 'transaction')
    return { parts: { all, byUrl }, issues: [error('Bundle.type', notTransaction)] };

  for (const [index, entry] of valuesOf(bundle, 'entry').entries()) {
    const { fullUrl, resource, request } = (entry ?? {}) as {
      fullUrl?: unknown;
      resource?: AnyResource;
      request?: { method?: unknown; url?: unknown };
    };
    const path = `Bundle.entry[${index}]`;
    const type = resource?.resourceType;
    if (resource === undefined || typeof type !== 'string' || !Object.hasOwn(rules.entries, type)) {
      issues.push(
        error(`${path}.resource`, `Un adressage ne contient que : ${known(rules)}.`, 'not-supported'),
      );
    } else if (typeof fullUrl !== 'string' || !fullUrl.startsWith('urn:uuid:') || byUrl.has(fullUrl)) {
      issues.push(error(`${path}.fullUrl`, 'Chaque entrée porte un fullUrl urn:uuid qui n’est qu’à elle.'));
    } else if (request?.method !== 'POST' || request.url !== type) {
      issues.push(error(`${path}.request`, `Chaque entrée se crée par POST ${type}.`));
    } else {
      const part = { index, fullUrl, resource };
      all.push(part);
      byUrl.set(fullUrl, part);
    }
  }
  const parts = { all, byUrl };
  return { parts, issues: [...issues, ...countIssues(parts, rules)] };
}

const notTransaction = 'Un adressage s’envoie comme Bundle de type « transaction ».';

function known(rules: ReferralRules): string {
  return Object.keys(rules.entries).join(', ');
}

function countIssues(parts: Parts, rules: ReferralRules): Issue[] {
  return Object.entries(rules.entries).flatMap(([type, { min, max }]) => {
    const count = partsOf(parts, type).length;
    if (count >= min && count <= max) return [];
    const wanted = min === max ? `exactement ${min}` : count < min ? `au moins ${min}` : `au plus ${max}`;
    const message = `Un adressage contient ${wanted} ${type} ; celui-ci en contient ${count}.`;
    return [error('Bundle.entry', message, count < min ? 'required' : 'structure')];
  });
}

function error(expression: string, message: string, code: Issue['code'] = 'structure'): Issue {
  return { severity: 'error', code, message, expression };
}
