/** A FINESS establishment or legal entity, whatever the layout of its file, as a record. */
import { hash } from 'node:crypto';
import { systems } from '../../fhir/identifiers.ts';
import type { Facts, ReadRecord } from '../types.ts';
import type { Degrees } from './position.ts';

export const finessForm = 'finess-1';

/** Cells of held content, in this order. `level`: `L` for a legal entity, `S` for a site. Days are `YYYY-MM-DD`. */
export const finessCells = [
  'level',
  'finess',
  'legal',
  'name',
  'longName',
  'complement',
  'line1',
  'line2',
  'line3',
  'postcode',
  'city',
  'commune',
  'phone',
  'fax',
  'email',
  'category',
  'categoryLabel',
  'status',
  'siret',
  'siren',
  'opened',
  'ended',
] as const;

export type FinessStructure = Partial<Record<(typeof finessCells)[number], string>> & {
  level: 'L' | 'S';
  finess: string;
  name: string;
};

/** The record; `recordHash` where the source hashed the lines it came from, else it is that of its content. */
export function finessRecord(
  structure: FinessStructure,
  position: Degrees | undefined,
  state: 'active' | 'closed',
  recordHash?: Buffer,
): ReadRecord {
  const cells = finessCells.map((name) => (structure[name] ?? '').replaceAll('|', ' '));
  const content = [...cells, position?.lat ?? '', position?.lon ?? ''].join('|');
  const facts: Facts = { name: structure.longName || structure.name };
  facts.identifiers = [
    `${systems.finess}|${structure.finess}`,
    ...(structure.siret ? [`${systems.siren}|${structure.siret}`] : []),
    ...(structure.siren ? [`${systems.siren}|${structure.siren}`] : []),
  ];
  if (structure.legal) facts.partOf = { key: `${systems.idNatSt}|1${structure.legal}` };
  if (structure.commune) facts.commune = structure.commune;
  if (position) facts.position = position;
  return {
    kind: 'Organization',
    key: `${systems.idNatSt}|1${structure.finess}`,
    state,
    form: finessForm,
    content,
    hash: recordHash ?? hash('sha256', `${state}|${content}`, 'buffer').subarray(0, 16),
    facts,
  };
}

/** `2020-02-04`, `2020-02-04T…` and `04/02/2020` as a day; anything else is none. */
export function dayOf(text: string): string | undefined {
  const french = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  const day = french ? `${french[3]}-${french[2]}-${french[1]}` : text.slice(0, 10);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day ? undefined : day;
}
