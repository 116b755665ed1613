/** What a FHIR resource of a directory is found by: links as the source's own ids, identifiers, name, codes, place. */
import { keyOf, keysOf, type BusinessKey } from '../../fhir/key.ts';
import type { AnyResource, Identifier } from '../../fhir/types.ts';
import type { Facts, Link, RecordKind } from '../types.ts';
import { isObject } from './json.ts';
import { communeOf, positionOf } from './place.ts';
import { remoteIdOf } from './remote.ts';

/** Elements that refer, by link and type of resource. */
const links: Record<'practitioner' | 'organization' | 'partOf', Partial<Record<RecordKind, string>>> = {
  practitioner: { PractitionerRole: 'practitioner' },
  organization: {
    ...{ PractitionerRole: 'organization', HealthcareService: 'providedBy', Device: 'owner' },
    ...{ Location: 'managingOrganization', Endpoint: 'managingOrganization' },
    OrganizationAffiliation: 'organization',
  },
  partOf: {
    ...{ Organization: 'partOf', Location: 'partOf' },
    OrganizationAffiliation: 'participatingOrganization',
  },
};
const coded = ['code', 'type', 'category', 'specialty', 'characteristic', 'connectionType', 'payloadType'];
/** Codes and identifiers kept of one record; a directory's own have fewer than ten. */
const most = 50;

export type FactsOptions = {
  /** Base of the server, to read its absolute references. */
  base: string;
  /** Code systems of professions (TRE_G15 and its like). */
  professionSystems: readonly string[];
};

export function factsOf(resource: AnyResource, key: BusinessKey, options: FactsOptions): Facts {
  const kind = resource.resourceType as RecordKind;
  const codes = codesOf(resource);
  const profession = codes
    .map((code) => code.split('|'))
    .find(([system]) => options.professionSystems.includes(system!))?.[1];
  const link = (name: keyof typeof links): Partial<Facts> => {
    const element = links[name][kind];
    const target =
      name === 'practitioner'
        ? 'Practitioner'
        : kind === 'Location' && name === 'partOf'
          ? kind
          : 'Organization';
    const found = element ? linkOf(resource[element], target, options.base) : undefined;
    return found ? { [name]: found } : {};
  };
  const identifiers = [...new Set(keysOf(resource))].filter((one) => one !== key).slice(0, most);
  const name = nameOf(resource);
  const commune = communeOf(resource);
  const position = positionOf(resource);
  return {
    ...{ ...link('practitioner'), ...link('organization'), ...link('partOf') },
    ...(identifiers.length ? { identifiers } : {}),
    ...(name ? { name } : {}),
    ...(profession && kind === 'PractitionerRole' ? { profession } : {}),
    ...(codes.length ? { codes } : {}),
    ...(commune ? { commune } : {}),
    ...(position ? { position } : {}),
  };
}

function linkOf(reference: unknown, type: string, base: string): Link | undefined {
  if (!isObject(reference)) return undefined;
  const text = reference['reference'];
  const remote = typeof text === 'string' ? remoteIdOf(text, type, base) : undefined;
  if (remote) return { remote };
  const key = keyOf(reference['identifier'] as Identifier | undefined);
  return key ? { key } : undefined;
}

function codesOf(resource: AnyResource): string[] {
  const concepts = [
    ...coded.flatMap((element) => list(resource[element])),
    ...list(resource['qualification']).map((one) => (isObject(one) ? one['code'] : undefined)),
  ];
  const codings = concepts.flatMap((one) =>
    !isObject(one) ? [] : 'coding' in one ? list(one['coding']) : 'code' in one ? [one] : [],
  );
  const codes = codings.flatMap((one) =>
    isObject(one) && typeof one['system'] === 'string' && typeof one['code'] === 'string'
      ? [`${one['system']}|${one['code']}`]
      : [],
  );
  return [...new Set(codes)].slice(0, most);
}

/** As people say it: the name, or given names and family name. */
function nameOf({ name, deviceName }: AnyResource): string | undefined {
  const first = list(name ?? deviceName)[0];
  if (typeof first === 'string') return first;
  if (!isObject(first)) return undefined;
  const words = [...list(first['given']), first['family'] ?? first['name'] ?? first['text']];
  return words.filter((word) => typeof word === 'string').join(' ') || undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
