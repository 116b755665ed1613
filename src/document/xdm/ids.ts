/** FHIR identifiers and times as HL7 v3 writes them: OID and extension, time stamps. */
import { createHash } from 'node:crypto';
import { idNatPsOfRpps, idNatStOfFiness, systems } from '../../fhir/identifiers.ts';
import { type BusinessKey, splitKey } from '../../fhir/key.ts';

/** `root` is an OID. */
export type InstanceId = { root: string; extension?: string };

/** An OID under 2.25 (UUIDs, ITU-T X.667) that follows from a name: the same name, the same OID. */
export function oidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const uuid = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return `2.25.${BigInt(`0x${uuid}`)}`;
}

/** National numbers under their OID; `urn:oid:` systems as they are; a URL by an OID that follows from it. */
export function instanceOf(key: BusinessKey): InstanceId {
  const { system, value } = splitKey(key);
  if (system === systems.rpps) return { root: oid(systems.idNatPs), extension: idNatPsOfRpps(value) };
  if (system === systems.finess) return { root: oid(systems.idNatSt), extension: idNatStOfFiness(value) };
  return { root: system.startsWith('urn:oid:') ? oid(system) : oidOf(system), extension: value };
}

/** The identifier of a document: one OID without extension, as XDS wants it (ITI TF-3 4.2.3.2.26). */
export function documentOid(key: BusinessKey): string {
  return oidOf(key);
}

/** CX of a patient (ITI TF-3 4.2.3.1.7). */
export function patientCx({ root, extension = '' }: InstanceId): string {
  return `${extension.replace(/[\^|~\\&]/g, ' ')}^^^&${root}&ISO`;
}

/** `2026-11-20T16:30:00+01:00` as `20261120163000+0100`; dates stay dates. */
export function timeStamp(moment: string): string {
  const zone = /(Z|[+-]\d{2}:\d{2})$/.exec(moment.slice(10))?.[1];
  const digits = moment.replace(/(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/, (end) => (moment.includes('T') ? '' : end));
  const plain = digits.replace(/[^0-9]/g, '');
  return zone ? `${plain}${zone === 'Z' ? '+0000' : zone.replace(':', '')}` : plain;
}

/** The same in UTC, as XDS metadata have it: year, month, day, hour, minute, second. */
export function utcStamp(moment: string): string {
  return moment.includes('T')
    ? new Date(moment)
        .toISOString()
        .replace(/\.\d+Z$/, '')
        .replace(/[^0-9]/g, '')
    : moment.replace(/-/g, '');
}

function oid(system: string): string {
  return system.replace('urn:oid:', '');
}
