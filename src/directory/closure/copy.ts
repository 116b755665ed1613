/** A copy as hospitals get it: what the network says, put right by what the directory says. */
import type { Address, ContactPoint, HumanName } from 'fhir/r4.js';
import { splitKey } from '../../fhir/key.ts';
import { canonicalBase, managedByTag } from '../../fhir/names.ts';
import { contentHash } from '../../fhir/normal.ts';
import { systems } from '../../fhir/identifiers.ts';
import type { AnyResource, Extension, Identifier } from '../../fhir/types.ts';
import type { MappedResource } from '../../mapping/types.ts';
import { originOf } from '../standing.ts';
import { copyAddress, copyTelecom } from './contacts.ts';
import { fullName } from './full-name.ts';
import { copyIdentifiers } from './identifiers.ts';
import type { CopyCodes, Said } from './types.ts';

const provenanceUrl = `${canonicalBase}/StructureDefinition/pas-directory-provenance`;

/**
 * The copy with the directory's name, address, contact points and identifiers. Closed there: inactive. Vanished there changes
 * nothing of it: that is for a person (P-10). `partOf`: reference to what the directory says it belongs to.
 */
export function enrichedCopy(
  copy: MappedResource,
  { row, resource }: Said,
  codes: CopyCodes,
  partOf: string | undefined,
): MappedResource {
  const { body } = copy;
  const list = <T>(name: string): T[] => (body[name] ?? []) as T[];
  const parts: Record<string, unknown> = {
    extension: [
      ...list<Extension>('extension').filter(({ url }) => url !== provenanceUrl),
      provenance({ row, resource }),
    ],
    identifier: copyIdentifiers(list<Identifier>('identifier'), resource, codes),
    active: row.state === 'closed' ? false : body['active'],
    name: nameOf(body, resource),
    telecom: copyTelecom(list<ContactPoint>('telecom'), resource),
    // A person's addresses are private (pas-practitioner).
    address: copy.type === 'Organization' ? copyAddress(list<Address>('address'), resource) : [],
    partOf: body['partOf'] ?? (partOf === undefined ? undefined : { reference: partOf }),
  };
  const said = Object.entries(parts).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  );
  const kept = Object.entries(body).filter(([name]) => !Object.hasOwn(parts, name));
  const { resourceType, meta, ...rest } = Object.fromEntries([...kept, ...said]) as AnyResource;
  return { ...copy, body: { resourceType, meta: { ...meta, source: sourceOf({ row, resource }) }, ...rest } };
}

/** A copy of a legal entity that no network names, because a copy belongs to it. Undefined without a FINESS or a name. */
export function legalEntityCopy(said: Said, codes: CopyCodes): MappedResource | undefined {
  const { row, resource } = said;
  const identifiers = (resource['identifier'] ?? []) as Identifier[];
  const value = identifiers.find(({ system }) => system === systems.finess)?.value;
  if (value === undefined || typeof resource['name'] !== 'string') return undefined;
  const key = `${systems.finess}|${value}`;
  const body: AnyResource = {
    resourceType: 'Organization',
    meta: { profile: [codes.structureProfile], tag: [{ ...managedByTag }] },
    identifier: [{ type: codes.finessLegal, ...splitKey(key) }],
    ...{ active: true, type: [codes.legalEntity], name: resource['name'] },
  };
  const bare: MappedResource = { type: 'Organization', key, class: 'directory-copy', body, origin: [] };
  return enrichedCopy(bare, { row, resource }, codes, undefined);
}

function provenance(said: Said): Extension {
  // No date of last sight: it moves every night and would rewrite every copy at every hospital.
  return {
    url: provenanceUrl,
    extension: [
      { url: 'source', valueUri: sourceOf(said) },
      { url: 'hash', valueString: seen(said) },
    ],
  };
}

/** Of what the directory says that a copy shows, so that what it does not show changes nothing at a hospital. */
function seen({ row, resource }: Said): string {
  const { identifier, name, telecom, address } = resource;
  return contentHash(
    [row.state === 'closed', row.part_of, identifier, name, telecom, address].map((one) => one ?? null),
  ).slice(0, 32);
}

function sourceOf({ row, resource }: Said): string {
  return resource.meta?.source ?? originOf(row.source);
}

function textAt(body: AnyResource, element: string): string {
  const value = body[element];
  return typeof value === 'string' ? value : '';
}

function nameOf(body: AnyResource, held: AnyResource): unknown {
  if (body.resourceType === 'Organization') return fullName(textAt(body, 'name'), textAt(held, 'name'));
  const [name] = ((held['name'] ?? []) as HumanName[]).filter(({ family }) => family);
  if (!name) return body['name'];
  const { family, given = [] } = name;
  return [{ use: 'official', family, ...(given.length ? { given } : {}) }];
}
