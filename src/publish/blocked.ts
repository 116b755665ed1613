import { nameOf } from '../change/states.ts';
import { keyLinks } from '../change/links.ts';
import type { Differences } from './compare.ts';
import type { ServerWork } from './server-work.ts';
import type { Wanted } from './types.ts';

/**
 * What cannot be written because it points to something that is neither at the server nor about to be written there;
 * and, in turn, what points to that.
 */
export function blockedBy(
  { work, found, toAdopt }: Pick<ServerWork, 'work' | 'found' | 'toAdopt'>,
  { references }: Pick<Differences, 'references'>,
): { resource: Wanted; reason: string }[] {
  const there = new Set([...references, ...found].map(nameOf));
  const unconfirmed = new Set(toAdopt.map(({ resource }) => nameOf(resource)));
  const open = new Map(work.map(({ resource }) => [nameOf(resource), resource]));
  const blocked: { resource: Wanted; reason: string }[] = [];
  for (let before = -1; before !== blocked.length;) {
    before = blocked.length;
    for (const [name, resource] of open) {
      const missing = keyLinks(resource.body).find(
        (link) => !there.has(nameOf(link)) && !open.has(nameOf(link)),
      );
      if (!missing) continue;
      open.delete(name);
      blocked.push({
        resource,
        reason: unconfirmed.has(nameOf(missing))
          ? `Dépend de ${missing.type} ${missing.key}, à adopter d’abord (--adopt).`
          : `Dépend de ${missing.type} ${missing.key}, qui n’est pas publié ici.`,
      });
    }
  }
  return blocked;
}
