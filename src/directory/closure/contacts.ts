/** Addresses and contact points that a copy takes from the directory: the elements and extensions our profiles know. */
import type { Address, ContactPoint } from 'fhir/r4.js';
import type { AnyResource, Extension } from '../../fhir/types.ts';

const french = 'https://hl7.fr/ig/fhir/core/StructureDefinition';
const mailboxType = `${french}/fr-core-contact-point-email-type`;
const inseeCode = `${french}/fr-core-address-insee-code`;

/** Contact points of the network first, then those of the directory that it does not name. */
export function copyTelecom(ours: readonly ContactPoint[], held: AnyResource): ContactPoint[] {
  const known = new Set(ours.map(({ value }) => value));
  const said = ((held['telecom'] ?? []) as ContactPoint[]).filter(({ system, value }) => system && value);
  const added = said
    .filter(({ value }) => !known.has(value) && known.add(value))
    .map(({ extension, system, value, use }): ContactPoint => ({
      ...only(extension, mailboxType),
      ...{ system: system!, value: value! },
      ...(use ? { use } : {}),
    }));
  return [...ours, ...added];
}

/** The directory's postal addresses where it has some, else those of the network. */
export function copyAddress(ours: readonly Address[], held: AnyResource): Address[] {
  const said = ((held['address'] ?? []) as Address[]).filter(({ city, postalCode }) => city ?? postalCode);
  if (said.length === 0) return [...ours];
  return said.map(({ extension, use, type, line, city, postalCode, country }) => ({
    ...only(extension, inseeCode),
    ...(use ? { use } : {}),
    ...(type ? { type } : {}),
    ...(line?.length ? { line: line.filter(Boolean) } : {}),
    ...(city ? { city } : {}),
    ...(postalCode ? { postalCode } : {}),
    ...(country ? { country } : {}),
  }));
}

function only(extension: readonly Extension[] | undefined, url: string): { extension?: Extension[] } {
  const kept = (extension ?? []).filter((one) => one.url === url);
  return kept.length ? { extension: kept } : {};
}
