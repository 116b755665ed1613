/** One line of `PS_LibreAcces_Personne_activite`: who, where and what it says of them, as texts. */
import { checkFiness, checkRpps, checkSiret } from '../../fhir/identifiers.ts';
import { systems } from '../../fhir/identifiers.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { Cells } from '../files/cells.ts';
import { addToDigest, beginDigest, type Digest, type Digesting, endDigest } from '../files/digest.ts';
import { technicalStructureSystem } from '../keys.ts';
import { personCells, qualificationCells, roleCells, structureCells } from './forms.ts';
import type { ActivityColumn } from './tables.ts';

/** Cells of the line as one text, and the digest of that text. */
type Joined = { text: () => string; digest: () => Digest };

export type ActivityLine = {
  cell(column: ActivityColumn): string;
  /** idNatPs; undefined when it is not written as one. */
  person(): string | undefined;
  /** Key of the structure; undefined where the activity has none (or none that can be told). */
  structure(): BusinessKey | undefined;
  /** Digest of that key, without the text. */
  structureDigest(): Digest | undefined;
  /** What makes the activity the one it is: not its telephone, nor how things are spelled. */
  identity(person: string, structure: BusinessKey | undefined): string;
  /** Tells activities apart as `identity` does. */
  identityDigest(person: string): Digest;
  roleContent(): string;
  personContent: Joined;
  qualification: Joined;
  structureContent: Joined;
  /** Rules that the identifiers of the line break. */
  faults(): readonly string[];
};

type Columns = Readonly<Record<ActivityColumn, number>>;

/** What an activity is, beside who and where. */
const identityCells = [
  'profession',
  'category',
  'knowHowType',
  'knowHow',
  'mode',
  'section',
  'function',
  'genre',
] as const satisfies readonly ActivityColumn[];

/** Reads the line that `cells` has laid out. */
export function activityLine(cells: Cells, columns: Columns): ActivityLine {
  const joined = (names: readonly ActivityColumn[]): Joined => {
    const places = names.map((name) => columns[name]);
    return {
      text() {
        let text = cells.at(places[0]!);
        for (let index = 1; index < places.length; index += 1) text += `|${cells.at(places[index]!)}`;
        return text;
      },
      digest() {
        const state = beginDigest();
        cells.digest(places[0]!, state);
        for (let index = 1; index < places.length; index += 1) {
          addToDigest(state, '|');
          cells.digest(places[index]!, state);
        }
        return endDigest(state);
      },
    };
  };
  const cell = (column: ActivityColumn): string => cells.at(columns[column]);
  const identityPlaces = identityCells.map((name) => columns[name]);
  return {
    cell,
    person() {
      const idNat = cell('idNat');
      return isPerson(idNat) ? idNat : undefined;
    },
    structure() {
      const number = numberOf(cell);
      return number && number.begin + cell(number.column);
    },
    structureDigest() {
      const number = numberOf(cell);
      if (!number) return undefined;
      const state = { ...number.begun };
      cells.digest(columns[number.column], state);
      return endDigest(state);
    },
    identity: (person, structure) =>
      `${person}\n${structure ?? cell('commune')}\n${identityCells.map(cell).join('\n')}`,
    identityDigest(person) {
      const number = numberOf(cell);
      const state = number ? { ...number.begun } : beginDigest();
      cells.digest(columns[number?.column ?? 'commune'], state);
      addToDigest(state, '\n');
      addToDigest(state, person);
      for (const place of identityPlaces) {
        addToDigest(state, '\n');
        cells.digest(place, state);
      }
      return endDigest(state);
    },
    roleContent: joined(roleCells).text,
    personContent: joined(personCells),
    qualification: joined(qualificationCells),
    structureContent: joined(structureCells),
    faults: () => faultsOf(cell),
  };
}

/** An idNatPs: a digit for the register, then the number in it. */
export function isPerson(text: string): boolean {
  return /^[0-9][0-9A-Z/]{4,19}$/.test(text);
}

/** A number of a structure: its column, how the key begins, and the digest of that beginning. */
type StructureNumber = { column: ActivityColumn; form: RegExp; begin: string; begun: Digesting };

function structureNumber(column: ActivityColumn, form: RegExp, begin: string): StructureNumber {
  const begun = beginDigest();
  addToDigest(begun, begin);
  return { column, form, begin, begun };
}

const finessForm = /^([0-9]{9}|2[AB][0-9]{7})$/;

/**
 * FINESS, else SIRET, else the structure's technical number, else SIREN (french-standards §2.2). A number in the wrong
 * column is not one.
 */
const structureNumbers = [
  structureNumber('finess', finessForm, `${systems.idNatSt}|1`),
  structureNumber('siret', /^[0-9]{14}$/, `${systems.idNatSt}|3`),
  structureNumber('technical', /^[0-9A-Za-z._-]{2,40}$/, `${technicalStructureSystem}|`),
  structureNumber('siren', /^[0-9]{9}$/, `${systems.idNatSt}|2`),
];

function numberOf(cell: ActivityLine['cell']): StructureNumber | undefined {
  for (const number of structureNumbers) {
    const value = cell(number.column);
    if (value && number.form.test(value)) return number;
  }
  return undefined;
}

export function isFiness(text: string): boolean {
  return finessForm.test(text);
}

const none: readonly string[] = [];

const checked = [
  ['finess', checkFiness],
  ['legalFiness', checkFiness],
  ['siret', checkSiret],
] as const;

function faultsOf(cell: ActivityLine['cell']): readonly string[] {
  let faults = none;
  const add = (fault: string): void => void (faults = [...faults, fault]);
  const person = cell('idNat');
  if (person.length === 12 && person.startsWith('8') && checkRpps(person.slice(1)) === 'wrong-digit')
    add('digit:rpps');
  for (const [column, check] of checked) {
    const value = cell(column);
    if (!value) continue;
    const result = check(value);
    if (result === 'wrong-digit') add(`digit:${column === 'siret' ? 'siret' : 'finess'}`);
    if (result === 'wrong-form')
      add(value.length === 11 ? 'form:rpps-there' : `form:${column === 'siret' ? 'siret' : 'finess'}`);
  }
  return faults;
}
