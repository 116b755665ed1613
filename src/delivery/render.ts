import { GatewayError } from '../fhir/error.ts';
import { keysOf, splitKey } from '../fhir/key.ts';
import { parseKeyReference } from '../fhir/references.ts';
import { patchParameters } from '../fhir/patch.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { TransactionEntry } from '../server/types.ts';
import type { Addresses } from './addresses.ts';
import { mapLinks } from '../change/links.ts';
import type { Target } from './target.ts';
import type { Lane } from './types.ts';

/** One write about to be sent. */
export type Write = { target: Target; body: AnyResource; version: string | undefined; creates?: true };

/**
 * Entries as the server understands them: links by local id, or by `urn:uuid` between resources that this very
 * transaction creates. Throws `unprocessable` when a link leads nowhere at this server.
 */
export function render(
  writes: readonly Write[],
  lane: Lane,
  addresses: Addresses,
  uuid: () => string,
): TransactionEntry[] {
  const urns = new Map<string, string>();
  for (const { target } of writes)
    if (target.localId === undefined)
      urns.set(`${target.entry.type} ${target.entry.key}`, `urn:uuid:${uuid()}`);
  const resolve = (link: string): string | undefined => {
    const wanted = parseKeyReference(link);
    if (!wanted) return undefined;
    const id = addresses.idOf(wanted.type, wanted.key);
    const resolved = id === undefined ? urns.get(`${wanted.type} ${wanted.key}`) : `${wanted.type}/${id}`;
    if (resolved === undefined) throw leadsNowhere(wanted, lane);
    return resolved;
  };
  return writes.map(({ target, body, version, creates }) => {
    const { type, key, bundleProfile } = target.entry;
    const declared = bundleProfile === undefined ? {} : { bundleProfile };
    const patch = target.localId === undefined ? undefined : target.entry.patch;
    const resource = patch ? patchParameters(patch) : mapLinks(body, resolve);
    if (target.localId !== undefined)
      return {
        ...(patch
          ? { method: 'PATCH' as const, resource }
          : { method: 'PUT' as const, resource: { ...resource, id: target.localId } }),
        url: `${type}/${target.localId}`,
        ...(version === undefined ? {} : { ifMatch: version }),
        ...(creates ? { ifNoneMatch: '*' as const } : {}),
        ...declared,
      };
    return {
      method: 'POST',
      url: type,
      resource,
      ...declared,
      fullUrl: urns.get(`${type} ${key}`)!,
      ...(keysOf(body).includes(key) ? { ifNoneExist: `identifier=${queryToken(key)}` } : {}),
    };
  });
}

/** Only what would break the query is encoded, so that the condition stays readable in a server's log. */
function queryToken(key: string): string {
  const encode = (text: string): string => text.replace(/[%&#+\s,$|\\]/g, (char) => encodeURIComponent(char));
  const { system, value } = splitKey(key);
  return `${encode(system)}|${encode(value)}`;
}

/** Keys of patients stay out of messages; those of published things help to find the gap. */
function leadsNowhere(wanted: { type: string; key: string }, lane: Lane): GatewayError {
  const name = lane === 'publication' ? `${wanted.type} ${wanted.key}` : wanted.type;
  return new GatewayError({
    category: 'unprocessable',
    side: 'gateway',
    message: `La ressource liée (${name}) n’existe pas encore sur ce serveur : publiez-la, puis relancez l’envoi.`,
  });
}
