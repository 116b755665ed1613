/** The rows of the extract of activities: open roles of open people, then people without any; shuffled when asked. */
import { createDice, draw } from '../population/chance.ts';
import type { Population } from '../population/types.ts';

/** Rows at or above this are people without a role. */
export const alone = 0x80000000;

/** One number a row. People who are closed, and their roles, are in no file. */
export function orderRows(population: Population, shuffled: boolean): Uint32Array {
  const people = population.count('Practitioner');
  const roles = population.count('PractitionerRole');
  const open = new Uint8Array(people);
  for (let person = 0; person < people; person += 1) {
    if (population.isActive('Practitioner', person)) open[person] = 1;
  }
  const rows = new Uint32Array(roles + people);
  let count = 0;
  for (let role = 0; role < roles; role += 1) {
    const person = population.personOfRole(role);
    if (!open[person] || !population.isActive('PractitionerRole', role)) continue;
    rows[count++] = role;
    open[person] = 2;
  }
  for (let person = 0; person < people; person += 1) if (open[person] === 1) rows[count++] = alone + person;
  const written = rows.subarray(0, count);
  if (shuffled) shuffle(written, draw(population.seed, 46, population.dayNumber));
  return written;
}

function shuffle(rows: Uint32Array, seed: number): void {
  const dice = createDice(seed);
  for (let last = rows.length - 1; last > 0; last -= 1) {
    const other = dice.below(last + 1);
    [rows[last], rows[other]] = [rows[other]!, rows[last]!];
  }
}
