/** The state of mapping one record: what compiled rules read and write while they run. */
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
import type { Trace } from './trace.ts';
import type { SourceRecord } from './types.ts';

/** A resource that will be produced, known before any body is built so that references can point to it. */
export type Target = {
  /** Value of the `system|value` key and of the loop that leads to the item. */
  key: string;
  index: number;
  /** Shared and frozen `Reference`. */
  reference: { reference: string };
};

/** Targets of one resource rule in this record. */
export type Targets = { all: Target[]; byId: Map<string, Target> };

export type Run = {
  readonly record: SourceRecord;
  readonly at: string;
  readonly issues: Issue[];
  readonly trace: Trace | undefined;
  /** Current item of each loop, and its index in its list; a loop's slot is its depth in the rule. */
  readonly slots: (Json | undefined)[];
  readonly indexes: number[];
  /** By resource rule. */
  readonly targets: Targets[];
};

/** A compiled expression: the value, or undefined when there is nothing to write. */
export type Evaluate = (run: Run) => unknown;
