/** A resource of a ROR export as a record of the form `fhir`. */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { systems } from '../../fhir/identifiers.ts';
import { keysOf } from '../../fhir/key.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import type { Facts, Link, ReadRecord, RecordKind } from '../types.ts';

const kinds: ReadonlySet<string> = new Set<RecordKind>([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'HealthcareService',
  'Device',
  'Location',
  'Endpoint',
  'OrganizationAffiliation',
]);
/** What a structure is best known by, first. */
const preferred = [systems.idNatSt, systems.idNatPs, systems.finess, systems.siren, systems.rpps];

/** Whether the directory holds resources of this type. */
export function isHeld(resourceType: string): resourceType is RecordKind {
  return kinds.has(resourceType);
}

/** The record of a resource of a type that is held; undefined without an identifier. */
export function recordOf(resource: AnyResource): ReadRecord | undefined {
  const { resourceType, id, meta } = resource;
  const keys = keysOf(resource);
  const rank = (key: string): number => {
    const at = preferred.findIndex((system) => key.startsWith(`${system}|`));
    return at < 0 ? preferred.length : at;
  };
  const [key, ...identifiers] = [...keys].sort((a, b) => rank(a) - rank(b));
  if (key === undefined) return undefined;
  const { lastUpdated: _lastUpdated, versionId: _versionId, ...keptMeta } = meta ?? {};
  const content = canonicalize({ ...resource, meta: keptMeta })!;
  return {
    kind: resourceType as RecordKind,
    key,
    state: isEnded(resource) ? 'closed' : 'active',
    form: 'fhir',
    content,
    hash: hash('sha256', content, 'buffer').subarray(0, 16),
    ...(typeof id === 'string' && id ? { remoteId: id } : {}),
    ...(meta?.versionId ? { remoteVersion: meta.versionId } : {}),
    facts: factsOf(resource, identifiers),
  };
}

function isEnded(resource: AnyResource): boolean {
  return (
    resource['active'] === false ||
    ['inactive', 'off', 'entered-in-error'].includes(String(resource['status']))
  );
}

function factsOf(resource: AnyResource, identifiers: readonly string[]): Facts {
  const facts: Facts = {};
  const organization = linkAt(
    resource['organization'] ??
      resource['providedBy'] ??
      resource['managingOrganization'] ??
      resource['owner'],
  );
  const practitioner = linkAt(resource['practitioner']);
  const partOf = linkAt(resource['partOf'] ?? resource['participatingOrganization']);
  if (organization) facts.organization = organization;
  if (practitioner) facts.practitioner = practitioner;
  if (partOf) facts.partOf = partOf;
  if (identifiers.length) facts.identifiers = identifiers;
  if (typeof resource['name'] === 'string') facts.name = resource['name'];
  const codes = codesOf(resource);
  if (codes.length) facts.codes = codes;
  const { latitude, longitude } = (resource['position'] ?? {}) as { latitude?: unknown; longitude?: unknown };
  if (typeof latitude === 'number' && typeof longitude === 'number')
    facts.position = { lat: latitude, lon: longitude };
  return facts;
}

/** A reference by identifier is a key; by the ROR's own id it waits until that id is known. */
function linkAt(value: unknown): Link | undefined {
  const { reference, identifier } = (value ?? {}) as {
    reference?: unknown;
    identifier?: { system?: string; value?: string };
  };
  if (identifier?.system && identifier.value) return { key: `${identifier.system}|${identifier.value}` };
  const id =
    typeof reference === 'string' ? /(?:^|\/)[A-Z][A-Za-z]+\/([A-Za-z0-9.-]{1,64})$/.exec(reference) : null;
  return id ? { remote: id[1]! } : undefined;
}

/** What an offer is found by: its category, type, specialities and characteristics. */
function codesOf(resource: AnyResource): string[] {
  if (resource.resourceType !== 'HealthcareService') return [];
  const concepts = ['category', 'type', 'specialty', 'characteristic'].flatMap((name) => resource[name]);
  const codings = concepts
    .filter(isObject)
    .flatMap(({ coding }) => coding)
    .filter(isObject);
  return [
    ...new Set(
      codings.flatMap(({ system, code }) =>
        typeof system === 'string' && typeof code === 'string' ? [`${system}|${code}`] : [],
      ),
    ),
  ];
}
