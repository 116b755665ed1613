/** Where a record is: the INSEE code of its commune and its WGS84 position, when the resource says so. */
import type { AnyResource } from '../../fhir/types.ts';
import { isObject } from './json.ts';

/** Extension of FR Core on addresses, whatever its base; FHIR's own extension for a position on addresses. */
const insee = /insee-code$/;
const geolocation = 'http://hl7.org/fhir/StructureDefinition/geolocation';

export function communeOf(resource: AnyResource): string | undefined {
  for (const extension of addressExtensions(resource)) {
    if (typeof extension['url'] !== 'string' || !insee.test(extension['url'])) continue;
    const coding = extension['valueCoding'];
    const value =
      extension['valueCode'] ?? extension['valueString'] ?? (isObject(coding) ? coding['code'] : undefined);
    if (typeof value === 'string' && /^[0-9][0-9AB][0-9]{3}$/.test(value)) return value;
  }
  return undefined;
}

export function positionOf(resource: AnyResource): { lat: number; lon: number } | undefined {
  const { position } = resource;
  if (isObject(position)) return pointOf(position['latitude'], position['longitude']);
  for (const extension of addressExtensions(resource)) {
    if (extension['url'] !== geolocation || !Array.isArray(extension['extension'])) continue;
    const parts = new Map(
      (extension['extension'] as unknown[])
        .filter(isObject)
        .map((part) => [part['url'], part['valueDecimal']] as const),
    );
    return pointOf(parts.get('latitude'), parts.get('longitude'));
  }
  return undefined;
}

function pointOf(lat: unknown, lon: unknown): { lat: number; lon: number } | undefined {
  if (typeof lat !== 'number' || typeof lon !== 'number') return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}

function addressExtensions({ address }: AnyResource): Record<string, unknown>[] {
  const addresses: unknown[] = Array.isArray(address) ? address : [address];
  return addresses
    .filter(isObject)
    .flatMap((one) => (Array.isArray(one['extension']) ? (one['extension'] as unknown[]) : []))
    .filter(isObject);
}
