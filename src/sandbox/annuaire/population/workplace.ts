/** Where a person practises: drawn among what is open, pharmacists in pharmacies as far as few draws find one. */
import type { Dice } from './chance.ts';
import { isOpen } from './make.ts';
import { level, type State } from './state.ts';
import { codes } from './tables.ts';

const tries = 12;
const pharmacy = codes.categories.findIndex(({ code }) => code === codes.pharmacy);

/** A structure for a person of this profession; undefined when nothing open was drawn. */
export function drawWorkplace(state: State, dice: Dice, profession: number): number | undefined {
  const pharmacist = codes.professions[profession]!.code === codes.pharmacist;
  const inPractice = !pharmacist && dice.fraction() < 0.4;
  const among = inPractice ? state.practices : state.withFiness;
  let found: number | undefined;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const structure = among[dice.below(among.length)];
    if (structure === undefined || !fits(state, structure)) continue;
    found = structure;
    const isPharmacy = !inPractice && state.structures.columns.category[structure] === pharmacy;
    if (inPractice || isPharmacy === pharmacist) return structure;
  }
  return found;
}

function fits(state: State, structure: number): boolean {
  return isOpen(state.structures, structure) && state.structures.columns.level[structure] !== level.legal;
}

export const pharmacyCategory = pharmacy;
