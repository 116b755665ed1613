/** What the lines of an extract say together: which description of each person, structure and activity is kept. */
import type { ActivityLine } from './activity-line.ts';
import { createQualifications, type Qualifications } from './qualifications.ts';
import { createWinners, type Digest, digestOf, type Winners } from './winners.ts';

export type Settled = {
  roles: Winners;
  persons: Winners;
  structures: Winners;
  qualifications: Qualifications;
};

export function createSettled(): Settled {
  return {
    roles: createWinners(),
    persons: createWinners(),
    structures: createWinners(),
    qualifications: createQualifications(),
  };
}

/** Takes a line into account. `held`: it was held before. Taking a line in twice changes nothing. */
export function settleLine(
  settled: Settled,
  line: ActivityLine,
  person: string,
  lineDigest: Digest,
  held: boolean,
): void {
  const structure = line.structure();
  const role = settled.roles.offer(digestOf(line.identity(person, structure)), lineDigest);
  if (held) settled.roles.mark(role);
  const place = settled.persons.offer(digestOf(person), digestOf(line.personContent()));
  settled.qualifications.add(place, line.qualification());
  if (structure !== undefined)
    settled.structures.offer(digestOf(structure), digestOf(line.structureContent()));
}

/** Takes in what a held line says of a structure, if some other line, new or changed, speaks of it too. */
export function settleStructure(settled: Settled, line: ActivityLine): boolean {
  const structure = line.structure();
  if (structure === undefined) return false;
  const key = digestOf(structure);
  const concerned = settled.structures.find(key) >= 0;
  if (concerned) settled.structures.offer(key, digestOf(line.structureContent()));
  return concerned;
}
