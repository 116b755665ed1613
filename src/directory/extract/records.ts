/** Records of an extract as they are held. */
import { hash } from 'node:crypto';
import { systems } from '../../fhir/identifiers.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import { extractRoleSystem, technicalStructureSystem } from '../keys.ts';
import type { Facts, ReadRecord } from '../types.ts';
import { type ActivityLine, isFiness } from './activity-line.ts';
import { personForm, roleForm, structureForm } from './forms.ts';
import { hashOf } from './line-hash.ts';
import { knowHowCode } from './tables.ts';

/** 22 letters: 128 bits. */
export function roleDigest(identity: string): string {
  return hash('sha256', identity, 'base64url').slice(0, 22);
}

export function roleRecord(
  line: ActivityLine,
  person: string,
  { digest, lineHash }: { digest: string; lineHash: Buffer },
): ReadRecord {
  const structure = line.structure();
  const facts: Facts = { practitioner: { key: `${systems.idNatPs}|${person}` } };
  if (structure !== undefined) facts.organization = { key: structure };
  const profession = line.cell('profession');
  if (profession) facts.profession = profession;
  const knowHow = line.cell('knowHow');
  if (knowHow) facts.codes = [knowHowCode(line.cell('knowHowType'), knowHow)];
  const commune = communeOf(line);
  if (commune) facts.commune = commune;
  return {
    kind: 'PractitionerRole',
    key: `${extractRoleSystem}|${digest}`,
    state: 'active',
    form: roleForm,
    content: line.roleContent(),
    hash: lineHash,
    facts,
  };
}

export function personRecord(
  line: ActivityLine,
  person: string,
  qualifications: readonly string[],
): ReadRecord {
  const content = [line.personContent.text(), ...qualifications].join('|');
  const facts: Facts = { name: `${line.cell('family')} ${line.cell('given')}`.trim() };
  const id = line.cell('id');
  if (/^[0-9]{11}$/.test(id)) facts.identifiers = [`${systems.rpps}|${id}`];
  return {
    kind: 'Practitioner',
    key: `${systems.idNatPs}|${person}`,
    state: 'active',
    form: personForm,
    content,
    hash: hashOf(content),
    facts,
  };
}

export function structureRecord(line: ActivityLine, key: BusinessKey): ReadRecord {
  const content = line.structureContent.text();
  const facts: Facts = {};
  const name = line.cell('name') || line.cell('sign');
  if (name) facts.name = name;
  const identifiers = otherIdentifiers(line, key);
  if (identifiers.length) facts.identifiers = identifiers;
  const commune = communeOf(line);
  if (commune) facts.commune = commune;
  const legal = line.cell('legalFiness');
  if (isFiness(legal) && key !== `${systems.idNatSt}|1${legal}`)
    facts.partOf = { key: `${systems.idNatSt}|1${legal}` };
  return {
    kind: 'Organization',
    key,
    state: 'active',
    form: structureForm,
    content,
    hash: hashOf(content),
    facts,
  };
}

/** Any of a structure's numbers finds it (P-3: one may stand on several structures). */
function otherIdentifiers(line: ActivityLine, key: BusinessKey): BusinessKey[] {
  const finess = line.cell('finess');
  const siret = line.cell('siret');
  const technical = line.cell('technical');
  return [
    isFiness(finess) ? `${systems.finess}|${finess}` : '',
    /^[0-9]{14}$/.test(siret) ? `${systems.siren}|${siret}` : '',
    technical ? `${technicalStructureSystem}|${technical}` : '',
  ].filter((identifier) => identifier && identifier !== key);
}

/** INSEE code: five characters, the department's first. */
function communeOf(line: ActivityLine): string | undefined {
  const code = line.cell('commune');
  return /^[0-9][0-9AB][0-9]{3}$/.test(code) ? code : undefined;
}
