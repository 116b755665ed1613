/** What the lines of an extract say together: which description of each person, structure and activity is kept. */
import { type Digest, digestOf } from '../files/digest.ts';
import type { ActivityLine } from './activity-line.ts';
import { createLinePlaces, type LinePlaces } from './line-places.ts';
import { createQualifications, type Qualifications } from './qualifications.ts';
import { createWinners, type Winners } from './winners.ts';

export type Settled = {
  roles: Winners;
  persons: Winners;
  structures: Winners;
  qualifications: Qualifications;
  /** Where each line stands in them. */
  lines: LinePlaces;
};

export function createSettled(): Settled {
  return {
    roles: createWinners(),
    persons: createWinners(),
    structures: createWinners(),
    qualifications: createQualifications(),
    lines: createLinePlaces(),
  };
}

/** Takes line `number` into account, new or changed. Taking a line in twice changes nothing. */
export function settleLine(
  settled: Settled,
  line: ActivityLine,
  { person, digest, number }: { person: string; digest: Digest; number: number },
): void {
  const key = line.structureDigest();
  const structure = key ? settled.structures.offer(key, line.structureContent.digest(), number) : -1;
  settlePerson(settled, line, { person, digest, number, structure });
}

/**
 * Takes in what a line that is held says of a person or a structure, if some other line, new or changed, speaks of it too;
 * false where none does.
 */
export function settleHeldLine(
  settled: Settled,
  line: ActivityLine,
  { person, number, hashed }: { person: string; number: number; hashed: () => Digest },
): boolean {
  const key = line.structureDigest();
  const concerned = key !== undefined && settled.structures.find(key) >= 0;
  const structure = concerned ? settled.structures.offer(key, line.structureContent.digest(), number) : -1;
  if (settled.persons.find(digestOf(person)) >= 0) {
    const role = settlePerson(settled, line, { person, digest: hashed(), number, structure });
    settled.roles.mark(role);
    return true;
  }
  if (concerned) settled.lines.set(number, -1, -1, structure);
  return concerned;
}

function settlePerson(
  settled: Settled,
  line: ActivityLine,
  at: { person: string; digest: Digest; number: number; structure: number },
): number {
  const role = settled.roles.offer(line.identityDigest(at.person), at.digest, at.number);
  const person = settled.persons.offer(digestOf(at.person), line.personContent.digest(), at.number);
  settled.qualifications.add(person, line.qualification.digest(), line.qualification.text);
  settled.lines.set(at.number, role, person, at.structure);
  return role;
}
