/** Two resources of one type under one key never merge silently. */
import canonicalize from 'canonicalize';
import { reportAt } from './report.ts';
import type { ResourceRule } from './resource-rule.ts';
import type { Run } from './run.ts';
import type { MappedResource } from './types.ts';

/**
 * Adds a resource to those seen of its type and key system: true when it is the first under its key. A directory copy
 * written twice with the same content is one (a professional in two places) and is mentioned; any other second one is an
 * error and the first is kept.
 */
export function addOnce(
  run: Run,
  rule: ResourceRule,
  seen: Map<string, MappedResource>,
  resource: MappedResource,
): boolean {
  const first = seen.get(run.key);
  if (!first) {
    seen.set(run.key, resource);
    return true;
  }
  const same = first.class === 'directory-copy' && canonicalize(first.body) === canonicalize(resource.body);
  reportSecond(run, rule, same);
  return false;
}

/** Says that a resource is there already; `same`: a directory copy with the same content, which is no fault. */
export function reportSecond(run: Run, rule: ResourceRule, same: boolean): void {
  const pointer = rule.keyValue.pointer(run);
  if (same) {
    const message = `« ${rule.name} » est donné deux fois, à l'identique : publié une fois.`;
    reportAt(run, pointer, 'duplicate', message, rule.rule, 'information');
  } else {
    const message = `« ${rule.name} » est donné deux fois sous le même identifiant, avec des contenus différents.`;
    reportAt(run, pointer, 'duplicate', message, rule.rule);
  }
}
