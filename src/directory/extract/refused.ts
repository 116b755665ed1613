/**
 * Lines that cannot be read, and what they are about all the same: a damaged line that names its professional says that this
 * one is there; one that names nobody may be about anybody.
 */
import { checkRpps, systems } from '../../fhir/identifiers.ts';
import type { Cells } from '../files/cells.ts';
import { technicalStructureSystem } from '../keys.ts';
import type { NamedRecord } from '../types.ts';
import { type ActivityLine, isFiness, isPerson } from './activity-line.ts';

/** A line that was refused: how many cells it has, and whom and what it names. */
export type RefusedLine = { cells: number; persons: NamedRecord[]; structures: NamedRecord[] };

/** Reads what is sure of the line that `cells` has laid out; `whole`: its columns are where the header says. */
export function refusedLine(
  cells: Cells,
  line: ActivityLine,
  { count, whole }: { count: number; whole: boolean },
): RefusedLine {
  return {
    cells: count,
    persons: personsOf(line).map((id) => ({ kind: 'Practitioner', key: `${systems.idNatPs}|${id}` })),
    structures: whole ? structuresOf(line) : structuresAmong(cells, count),
  };
}

/**
 * Two cells that agree, or one with the right check digit; nobody where neither is so. They stand first in a line: what broke it
 * further on did not move them.
 */
function personsOf(line: ActivityLine): string[] {
  const type = line.cell('idType');
  const written = line.cell('idNat');
  const made = type && type + line.cell('id');
  const sure = isRpps(written) || isRpps(made) || (made !== '' && made === written);
  return sure ? [...new Set([written, made])].filter(isPerson) : [];
}

function isRpps(idNat: string): boolean {
  return /^8[0-9]{11}$/.test(idNat) && checkRpps(idNat.slice(1)) === 'valid';
}

function structuresOf(line: ActivityLine): NamedRecord[] {
  const key = line.structure();
  const legal = line.cell('legalFiness');
  return [...(key ? [key] : []), ...(isFiness(legal) ? [`${systems.idNatSt}|1${legal}`] : [])].map(
    organization,
  );
}

/** Whatever has the form of a structure's number, wherever it stands. */
function structuresAmong(cells: Cells, count: number): NamedRecord[] {
  const texts = Array.from({ length: count }, (_, index) => cells.at(index));
  return texts.flatMap((text) => {
    const named = /^[0-9A-Za-z._-]{8,40}$/.test(text) ? [`${technicalStructureSystem}|${text}`] : [];
    if (isFiness(text)) named.push(`${systems.idNatSt}|1${text}`);
    if (/^[0-9]{9}$/.test(text)) named.push(`${systems.idNatSt}|2${text}`);
    if (/^[0-9]{14}$/.test(text)) named.push(`${systems.idNatSt}|3${text}`);
    return named.map(organization);
  });
}

function organization(key: string): NamedRecord {
  return { kind: 'Organization', key };
}

export type RefusedLines = {
  /** A line that was refused; what it names. */
  add(line: RefusedLine): NamedRecord[];
  /** A line that was read, or the end. */
  pass(): void;
  /** Lines that are about nobody can tell whom. */
  readonly nameless: number;
};

/**
 * Counts them. A line break inside a cell makes pieces of a line: those after the first name nobody, and belong to it as long as
 * their cells together make no more than a line of `width`.
 */
export function createRefusedLines(width: number): RefusedLines {
  let open: { cells: number; rest: number } | undefined;
  let nameless = 0;
  const pass = (): void => {
    nameless += open?.rest ?? 0;
    open = undefined;
  };
  return {
    add({ cells, persons, structures }) {
      const joined = (open?.cells ?? 0) + cells - 1;
      if (persons.length > 0) {
        pass();
        if (cells < width - 1) open = { cells, rest: 0 };
      } else if (open && joined <= width + 1) {
        open = joined < width - 1 ? { cells: joined, rest: open.rest + 1 } : undefined;
      } else {
        pass();
        nameless += 1;
      }
      return [...persons, ...structures];
    },
    pass,
    get nameless() {
      return nameless;
    },
  };
}
