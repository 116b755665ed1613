/** A referral placed at a hospital's own server, gathered from there into the transaction it could have posted here. */
import type { Ids } from '../clock.ts';
import { parseLocalReference } from '../fhir/references.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { ReferralRules } from './rules.ts';

/** Of these nothing further is gathered: who they are linked to is no part of a referral. */
const leaves: ReadonlySet<string> = new Set([
  'Patient',
  'Practitioner',
  'Organization',
  'Binary',
  'Condition',
]);

/** More would be no referral; the transaction is refused for its counts long before. */
const mostEntries = 100;

/** What a referral is gathered from. */
export type Source = Pick<FhirServer, 'base' | 'read' | 'search' | 'binary'>;

type Gathered = { fullUrl: string; resource: AnyResource };

/**
 * Reads the Task's order and what both refer to, as far as a referral may hold it, with the patient's consents. What only
 * that server can show and no referral holds is left out. Throws what the server's reads throw.
 */
export async function gatherReferral(
  server: Source,
  task: AnyResource & { id: string },
  rules: ReferralRules,
  ids: Ids,
): Promise<AnyResource> {
  const gathered = new Map<string, Gathered>([[`Task/${task.id}`, entryOf(task, ids)]]);
  const queue: AnyResource[] = [task];
  for (let next = queue.shift(); next && gathered.size < mostEntries; next = queue.shift()) {
    for (const local of linksOf(next, server.base, rules)) {
      if (gathered.has(local)) continue;
      const resource = await readOne(server, local);
      if (!resource) continue;
      gathered.set(local, entryOf(resource, ids));
      queue.push(resource);
      if (resource.resourceType !== 'Patient') continue;
      for await (const consent of server.search(
        'Consent',
        { patient: local },
        rules.entries['Consent']?.max,
      )) {
        gathered.set(`Consent/${consent.id}`, entryOf(consent, ids));
      }
    }
  }
  const urls = new Map([...gathered].map(([local, { fullUrl }]) => [local, fullUrl]));
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [...gathered.values()].map(({ fullUrl, resource }) => ({
      fullUrl,
      resource: relinked(resource, urls, server.base) as AnyResource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  };
}

function entryOf(resource: AnyResource, ids: Ids): Gathered {
  const { id: _id, meta: _meta, text: _text, ...content } = resource;
  return { fullUrl: `urn:uuid:${ids.uuid()}`, resource: content };
}

/** `Type/id` of everything of that server that a resource points to and a referral may hold. */
function linksOf(resource: AnyResource, base: string, rules: ReferralRules): string[] {
  if (leaves.has(resource.resourceType)) return [];
  const found: string[] = [];
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) return value.forEach((item) => visit(item, name));
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).forEach(([child, inner]) => visit(inner, child));
    if (typeof value !== 'string' || (name !== 'reference' && name !== 'url')) return;
    const local = localOf(value, base);
    if (local && Object.hasOwn(rules.entries, local.split('/')[0]!)) found.push(local);
  };
  visit(resource, '');
  return found;
}

async function readOne(server: Source, local: string): Promise<AnyResource | undefined> {
  const [type = '', id = ''] = local.split('/');
  if (type === 'Binary') {
    const { contentType, bytes } = await server.binary(id);
    return { resourceType: 'Binary', contentType, data: bytes.toString('base64') };
  }
  const result = await server.read(type, id);
  return result.state === 'found' ? result.resource : undefined;
}

/** Links to what was gathered become those of the Bundle; others keep their identifier, or go. */
function relinked(value: unknown, urls: ReadonlyMap<string, string>, base: string): unknown {
  if (Array.isArray(value))
    return value.map((item) => relinked(item, urls, base)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const { reference, ...others } = value as Reference;
  if (typeof reference === 'string') {
    const url = urls.get(localOf(reference, base) ?? '');
    if (url) return { ...others, reference: url };
    return others.identifier || others.display ? others : undefined;
  }
  const kept = Object.entries(value).map(([name, child]): [string, unknown] => {
    const url =
      name === 'url' && typeof child === 'string' ? urls.get(localOf(child, base) ?? '') : undefined;
    return [name, url ?? relinked(child, urls, base)];
  });
  return Object.fromEntries(kept.filter(([, child]) => child !== undefined));
}

function localOf(link: string, base: string): string | undefined {
  const relative = link.startsWith(`${base}/`) ? link.slice(base.length + 1) : link;
  const local = parseLocalReference(relative);
  return local && `${local.type}/${local.id}`;
}
