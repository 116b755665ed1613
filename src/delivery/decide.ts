import type { AnyResource } from '../fhir/types.ts';
import type { Addresses } from './addresses.ts';
import { actualHash, bodyHash } from '../change/links.ts';
import type { Found } from './read-back.ts';
import type { Target } from './target.ts';

/** What is left to do for one target once the server was read. */
export type Decision =
  /** The server has this very content, or what became of it there. */
  | { state: 'there'; target: Target; found: Found }
  /** The server has none, and none is wanted. */
  | { state: 'absent'; target: Target }
  /** Write it, if the server still has `version`; `creates`: if it still has none. */
  | { state: 'write'; target: Target; version: string | undefined; creates?: true }
  /** Somebody else changed or deleted it since we wrote it; `found` is what they left. */
  | { state: 'moved'; target: Target; found: Found | undefined };

/** Decides by content first, by version second; `body` is the target's body with its document in it. */
export function decide(
  target: Target,
  body: AnyResource,
  found: Found | undefined,
  base: string,
  addresses: Addresses,
): Decision {
  if (!found && target.entry.ifThere) return { state: 'absent', target };
  if (!found)
    return target.version === undefined
      ? { state: 'write', target, version: undefined, creates: true }
      : { state: 'moved', target, found };
  const { patch } = target.entry;
  if (patch)
    return found.resource[patch.element] === patch.code
      ? { state: 'there', target, found }
      : { state: 'write', target: { ...target, localId: found.localId }, version: found.versionId };
  if (target.entry.once && !target.known) return { state: 'there', target, found };
  if (target.entry.lookFirst && target.localId !== undefined && found.localId !== target.localId)
    return { state: 'moved', target, found };
  const actual = actualHash(found.resource, base, (type, id) => addresses.keyOf(type, id));
  if (actual === bodyHash(body)) return { state: 'there', target, found };
  const expected = target.version !== undefined && found.versionId === target.version;
  const versionless = target.known && found.versionId === undefined;
  if (expected || versionless || target.entry.mayHold?.includes(actual))
    return { state: 'write', target: { ...target, localId: found.localId }, version: found.versionId };
  return { state: 'moved', target, found };
}
