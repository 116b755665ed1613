/** Which activity, person and structure each line of a file speaks of, so that it need not be read again to know. */
export type LinePlaces = {
  /** Places of what a line speaks of, −1 for what is not to be told. */
  set(line: number, role: number, person: number, structure: number): void;
  role(line: number): number;
  person(line: number): number;
  structure(line: number): number;
};

/** Twelve bytes a line. */
export function createLinePlaces(): LinePlaces {
  let places = new Int32Array(3 * 4096).fill(-1);
  const at = (index: number): number => (index < places.length ? places[index]! : -1);
  return {
    set(line, role, person, structure) {
      if ((line + 1) * 3 > places.length) {
        const larger = new Int32Array(Math.max(places.length * 2, (line + 1) * 3)).fill(-1, places.length);
        larger.set(places);
        places = larger;
      }
      places[line * 3] = role;
      places[line * 3 + 1] = person;
      places[line * 3 + 2] = structure;
    },
    role: (line) => at(line * 3),
    person: (line) => at(line * 3 + 1),
    structure: (line) => at(line * 3 + 2),
  };
}
