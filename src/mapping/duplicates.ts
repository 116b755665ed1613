/** Two resources of one type under one key never merge silently. */
import canonicalize from 'canonicalize';
import { reportAt } from './report.ts';
import type { ResourceRule } from './resource-rule.ts';
import type { Run } from './run.ts';
import type { MappedResource } from './types.ts';

/** A directory copy written twice with the same content is one: a professional in two places, the entity of two sites. */
export function isSameCopy(first: MappedResource, second: MappedResource): boolean {
  return first.class === 'directory-copy' && canonicalize(first.body) === canonicalize(second.body);
}

/** Says that a resource with other content has the key already; the first one is kept. */
export function reportSecond(run: Run, rule: ResourceRule): void {
  const message = `« ${rule.name} » est donné deux fois sous le même identifiant, avec des contenus différents.`;
  reportAt(run, rule.keyValue.pointer(run), 'duplicate', message, rule.rule);
}
