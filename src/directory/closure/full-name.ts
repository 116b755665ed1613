/** Lengths at which FINESS ends a name, whatever is left of it (stock file: `rs` 38 characters, `rslongue` 60). */
const cutAt: ReadonlySet<number> = new Set([38, 60]);

/**
 * The name of a structure's copy: what the directory says, unless that is the beginning of what the network says, ended
 * where FINESS has no room for more: then the network has it whole.
 */
export function fullName(ours: string, held: string): string {
  if (!held) return ours;
  const [whole, begun] = [lettersOf(ours), lettersOf(held)];
  const isCut = cutAt.has(held.length) || cutAt.has(held.trimEnd().length + 1); // a cut between words ends in a space
  return isCut && whole.length > begun.length && whole.startsWith(begun) ? ours : held;
}

function lettersOf(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}
