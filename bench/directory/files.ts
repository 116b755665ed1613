/**
 * Extract and FINESS file of the benches: the column layout of the published files, invented people and establishments by
 * seed, lines in an order that each day shuffles anew.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { luhnDigit } from '../../src/fhir/identifiers.ts';
import { header } from '../../test/directory/extract/lines.ts';
import { positionLine, siteLine } from '../../test/directory/finess/files.ts';

export type Size = {
  roles: number;
  /** Practices without FINESS, known from the extract alone. */
  practices: number;
  /** Establishments of the FINESS file. */
  sites: number;
};

/** The size of the goals' table, or a part of it. */
export function sizeOf(roles: number): Size {
  return { roles, practices: Math.round(roles * 0.35), sites: Math.round(roles * 0.15) };
}

/** `changed`: one line in so many has another telephone than on the first day. */
export async function writeExtractOf(
  folder: string,
  { roles, practices, sites }: Size,
  day: { date: string; turn: number; changed?: number },
): Promise<string> {
  const head = `${header.map((name) => `${name}|`).join('')}\n`;
  const step = coprime(roles, day.turn);
  return write(join(folder, `PS_LibreAcces_Personne_activite_${day.date}.txt`), head, roles, (index) => {
    const role = (index * step + day.turn) % roles;
    const changed = day.changed !== undefined && role % day.changed === 0;
    return roleLine(role, practices, sites, changed);
  });
}

export function writeFinessOf(folder: string, { sites }: Size): Promise<string> {
  const name = 'etalab-cs1100507-stock-20261127-0339.csv';
  return write(join(folder, name), 'finess;etalab;98;2026-11-27\n', sites * 2, (index) =>
    index < sites ? siteLine({ number: index }) : positionLine({ number: index - sites }),
  );
}

async function write(
  path: string,
  head: string,
  count: number,
  line: (index: number) => string,
): Promise<string> {
  const file = createWriteStream(path);
  let text = head;
  for (let index = 0; index < count; index += 1) {
    text += `${line(index)}\n`;
    if (text.length < 1024 * 1024) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'close');
  return path;
}

const professions = [
  ['10', 'Médecin', 'S', 'SM54', 'Médecine générale'],
  ['60', 'Infirmier', '', '', ''],
  ['70', 'Masseur-Kinésithérapeute', '', '', ''],
  ['10', 'Médecin', 'S', 'SM42', 'Psychiatrie'],
  ['21', 'Pharmacien', '', '', ''],
] as const;

function roleLine(role: number, practices: number, sites: number, changed: boolean): string {
  const person = Math.floor(role * 0.75);
  const digits = `109${String(person).padStart(7, '0')}`;
  const rpps = `${digits}${luhnDigit(digits)}`;
  const [code, label, type, knowHow, knowHowLabel] = professions[person % professions.length]!;
  const place = (role * 7919) % (practices + sites);
  const isSite = place < sites;
  const site = `99${String(place).padStart(6, '0')}`;
  const finess = isSite ? `${site}${luhnDigit(site)}` : '';
  const technical = isSite ? `F${finess}` : `R1${String(place).padStart(12, '0')}`;
  const town = place % 900;
  const postcode = `99${String(town).padStart(3, '0')}`;
  const phone = `01${String((role % 10_000_000) + (changed ? 50_000_000 : 0)).padStart(8, '0')}`;
  const person8 = `8|${rpps}|8${rpps}|DR|Docteur|${person % 2 ? 'M|Monsieur' : 'MME|Madame'}|ESSAI${person}|Zoé Élise`;
  const what = `${code}|${label}|C|Civil|${type}|${type && 'Spécialité ordinale'}|${knowHow}|${knowHowLabel}|${isSite ? 'S|Salarié' : 'L|Libéral'}`;
  const where = `||${finess}||${technical}|${isSite ? 'CENTRE' : 'CABINET'} ESSAI ${place}|||||${place % 300}||R|Rue|DES ESSAIS||${postcode} ESSAIVILLE ${town}|${postcode}|${postcode}|Essaiville ${town}||FRANCE`;
  const rest = `${phone}||||99|Essai||ARS/ARS/ARS|${isSite ? 'SA01|Etablissement public de santé' : 'SA07|Cabinet individuel'}||||FON-AU|GENR01|Activité standard de soin|`;
  return `${person8}|${what}|${where}|${rest}`;
}

/** A step that visits every line once. */
function coprime(count: number, turn: number): number {
  for (let step = 7_368_787 + turn * 2; ; step += 1) if (gcd(step, count) === 1) return step;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
