/** A mapping as data, to be read from the resource back to the record: what stands at an element and what it came from. */
import type { Json } from '../../fhir/types.ts';

/** A field of the record: its steps below a loop's item, or below the record when there is no loop. */
export type FieldPath = { loop?: string; steps: readonly string[] };

/** Undoes a transform or a code table: the values that would have given this one, none when there are none. */
export type Inverse = (value: unknown) => readonly Json[];

export type Condition =
  | { kind: 'exists'; path: FieldPath }
  | { kind: 'is'; path: FieldPath; values: readonly Json[] }
  | { kind: 'in'; path: FieldPath; list: FieldPath }
  | { kind: 'current' }
  | { kind: 'not'; part: Condition }
  | { kind: 'all' | 'any'; parts: readonly Condition[] };

export type Shape =
  | { kind: 'constant'; value: unknown }
  | { kind: 'list'; items: readonly Shape[] }
  | { kind: 'object'; elements: ReadonlyMap<string, Shape> }
  /** `inverses` from the last step of the rule to the first. */
  | { kind: 'path'; path: FieldPath; inverses: readonly Inverse[]; rule: string }
  | { kind: 'template'; template: TemplateShape; inverses: readonly Inverse[]; rule: string }
  /** True or false by the day: nothing can be read from it. */
  | { kind: 'current' }
  | { kind: 'reference'; target: string; id: FieldPath | undefined; rule: string }
  | { kind: 'first'; choices: readonly Shape[] }
  | { kind: 'guarded'; when: Condition; body: Shape }
  | { kind: 'repeat'; list: FieldPath; item: string; body: Shape };

/** `texts` stand around `paths`: one more than there are paths. */
export type TemplateShape = { texts: readonly string[]; paths: readonly FieldPath[] };

/** A resource rule, seen from the resource. */
export type RuleShape = {
  name: string;
  /** `file:line`. */
  rule: string;
  type: string;
  keySystem: string;
  key: TemplateShape;
  /** The list it is written for each item of, and the item's name. */
  loop: { list: FieldPath; item: string } | undefined;
  /** Field by which references find the item (`id: item.id`). */
  id: FieldPath | undefined;
  when: Condition | undefined;
  tag: Shape | undefined;
  elements: ReadonlyMap<string, Shape>;
};
