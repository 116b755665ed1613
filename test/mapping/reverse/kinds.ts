/** The shipped kinds, ready to be read backwards. */
import { reverseMapping, type ReverseMapping } from '../../../src/mapping/reverse/reverse.ts';
import { fieldsOf } from '../../../src/network/fields.ts';
import type { Kind } from '../../../src/network/kind.ts';
import { loadKinds } from '../../../src/network/load-kinds.ts';

export type ReverseKind = Kind & { reverse: ReverseMapping };

export async function reverseKinds(): Promise<Map<string, ReverseKind>> {
  const { kinds } = await loadKinds('mappings');
  return new Map(
    [...kinds].map(([name, kind]) => [
      name,
      { ...kind, reverse: reverseMapping(kind.mapping, fieldsOf(kind.shape)) },
    ]),
  );
}
