/** The state of mapping one record: what compiled rules read and write while they run. */
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
import type { Trace } from './trace.ts';
import type { SourceRecord } from './types.ts';

/** A resource that will be produced, known before any body is built so that references can point to it. */
export type Target = {
  /** Value of its business key. */
  key: string;
  /** Its item in the list of the loop. */
  index: number;
  /** Local id of the item, by which references find it. */
  id: string | undefined;
  /** Shared and frozen `Reference`, made when it is first asked for. */
  reference: { reference: string } | undefined;
};

/** Targets of one resource rule in this record; `byId` is made when it is first asked for. */
export type Targets = { all: Target[]; byId: Map<string, Target> | undefined };

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
  /** Turns of `$for` loops so far. */
  turns: number;
  /** Value of the business key of the resource that is being produced. */
  key: string;
};

/** A compiled expression: the value, or undefined when there is nothing to write. */
export type Evaluate = (run: Run) => unknown;
