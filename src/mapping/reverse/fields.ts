/** What the schema of a kind says of the fields of its records, as far as reading FHIR back needs it. */
import type { Json } from '../../fhir/types.ts';

export type Field = {
  list: boolean;
  /** The closed list of its values, if it has one; of a list, those of its items. */
  values?: readonly Json[];
  /** Form of a text, if it has one. */
  pattern?: RegExp;
  /** Names of its fields (of a list: of those of its items) in the order in which people read them. */
  names: readonly string[];
  /** Those of them that must be there. */
  required: ReadonlySet<string>;
};

/** The field at a path of names, list indexes left out; the record itself at `[]`. A field the schema does not know is empty. */
export type Fields = (steps: readonly string[]) => Field;
