/** Two resources of one type under one key never merge silently. */
import canonicalize from 'canonicalize';
import { reportAt } from './report.ts';
import type { ResourceRule } from './resource-rule.ts';
import type { Run } from './run.ts';
import type { MappedResource } from './types.ts';

/** A directory copy written twice with the same content is one (a professional in two places). */
export function isSameCopy(first: MappedResource, second: MappedResource): boolean {
  return first.class === 'directory-copy' && canonicalize(first.body) === canonicalize(second.body);
}

/** Says that a resource is there already and the first one is kept; `same`: an equal directory copy, which is no fault. */
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
