/** What conditions look at in the records of a day: read out of each record once, however many searches ask for it. */
import type { AnyResource } from '../../../fhir/types.ts';
import type { Population, ServedType } from '../population/types.ts';

export type Opened = {
  /**
   * What `read` finds in a record, by its index; good until records change. `name` says what that is: the same name, the
   * same reading.
   */
  reader<T>(type: ServedType, name: string, read: (resource: AnyResource) => T[]): (index: number) => T[];
  /** To be called when records change. */
  forget(): void;
};

/** Records of a type up to which it is kept; those of a larger directory are opened each time. */
const mostKept = 250_000;

export function createOpened(population: Population): Opened {
  const kept = new Map<string, unknown[][]>();
  return {
    reader<T>(type: ServedType, name: string, read: (resource: AnyResource) => T[]) {
      const fresh = (index: number): T[] => {
        const entry = population.at(type, index);
        return entry ? read(entry.resource()) : [];
      };
      if (population.count(type) > mostKept) return fresh;
      const key = `${type} ${name}`;
      const list = (kept.get(key) ?? []) as T[][];
      kept.set(key, list);
      return (index) => (list[index] ??= fresh(index));
    },
    forget: () => kept.clear(),
  };
}
