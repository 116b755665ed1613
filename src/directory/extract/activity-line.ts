/** One line of `PS_LibreAcces_Personne_activite`: who, where and what it says of them, as texts. */
import { checkFiness, checkRpps, checkSiret } from '../../fhir/identifiers.ts';
import { systems } from '../../fhir/identifiers.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { Cells } from '../files/cells.ts';
import { technicalStructureSystem } from '../keys.ts';
import { personCells, qualificationCells, roleCells, structureCells } from './forms.ts';
import type { ActivityColumn } from './tables.ts';

export type ActivityLine = {
  cell(column: ActivityColumn): string;
  /** idNatPs; undefined when it is not written as one. */
  person(): string | undefined;
  /** Key of the structure; undefined where the activity has none (or none that can be told). */
  structure(): BusinessKey | undefined;
  /** What makes the activity the one it is: not its telephone, nor how things are spelled. */
  identity(person: string, structure: BusinessKey | undefined): string;
  roleContent(): string;
  personContent(): string;
  qualification(): string;
  structureContent(): string;
  /** Rules that the identifiers of the line break. */
  faults(): string[];
};

type Columns = Readonly<Record<ActivityColumn, number>>;

/** Reads the line that `cells` has laid out. */
export function activityLine(cells: Cells, columns: Columns): ActivityLine {
  const reader = (names: readonly ActivityColumn[]): (() => string) => {
    const places = names.map((name) => columns[name]);
    return () => {
      let text = cells.at(places[0]!);
      for (let index = 1; index < places.length; index += 1) text += `|${cells.at(places[index]!)}`;
      return text;
    };
  };
  const cell = (column: ActivityColumn): string => cells.at(columns[column]);
  return {
    cell,
    person: () => personOf(cell('idNat')),
    structure: () => structureOf(cell),
    identity: (person, structure) =>
      `${person}\n${structure ?? cell('commune')}\n${cell('profession')}\n${cell('category')}\n${cell('knowHowType')}\n` +
      `${cell('knowHow')}\n${cell('mode')}\n${cell('section')}\n${cell('function')}\n${cell('genre')}`,
    roleContent: reader(roleCells),
    personContent: reader(personCells),
    qualification: reader(qualificationCells),
    structureContent: reader(structureCells),
    faults: () => faultsOf(cell),
  };
}

/** A digit for the register, then the number in it. */
function personOf(idNat: string): string | undefined {
  return /^[0-9][0-9A-Z/]{4,19}$/.test(idNat) ? idNat : undefined;
}

/**
 * FINESS, else SIRET, else the structure's technical number, else SIREN (french-standards §2.2). A number in the wrong
 * column is not one.
 */
function structureOf(cell: ActivityLine['cell']): BusinessKey | undefined {
  const finess = cell('finess');
  if (isFiness(finess)) return `${systems.idNatSt}|1${finess}`;
  const siret = cell('siret');
  if (/^[0-9]{14}$/.test(siret)) return `${systems.idNatSt}|3${siret}`;
  const technical = cell('technical');
  if (/^[0-9A-Za-z._-]{2,40}$/.test(technical)) return `${technicalStructureSystem}|${technical}`;
  const siren = cell('siren');
  return /^[0-9]{9}$/.test(siren) ? `${systems.idNatSt}|2${siren}` : undefined;
}

export function isFiness(text: string): boolean {
  return /^([0-9]{9}|2[AB][0-9]{7})$/.test(text);
}

function faultsOf(cell: ActivityLine['cell']): string[] {
  const faults: string[] = [];
  const person = cell('idNat');
  if (person.length === 12 && person.startsWith('8') && checkRpps(person.slice(1)) === 'wrong-digit')
    faults.push('digit:rpps');
  for (const [column, check] of [
    ['finess', checkFiness],
    ['legalFiness', checkFiness],
    ['siret', checkSiret],
  ] as const) {
    const value = cell(column);
    const result = value ? check(value) : 'valid';
    if (result === 'wrong-digit') faults.push(`digit:${column === 'siret' ? 'siret' : 'finess'}`);
    if (result === 'wrong-form')
      faults.push(
        value.length === 11 ? 'form:rpps-there' : `form:${column === 'siret' ? 'siret' : 'finess'}`,
      );
  }
  return faults;
}
