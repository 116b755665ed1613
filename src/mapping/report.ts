/** Faults found in a record while it is mapped. */
import type { IssueCode, Severity } from '../fhir/issue.ts';
import { locate } from './locate.ts';
import type { Run } from './run.ts';

/** Records a fault at a JSON pointer of the record. `rule` names the rule that spoke, as `file:line`. */
export function reportAt(
  run: Run,
  pointer: string,
  code: IssueCode,
  message: string,
  rule?: string,
  severity: Severity = 'error',
): void {
  const source = locate(run.record, pointer);
  run.issues.push({ severity, code, message, source, ...(rule ? { rule } : {}) });
}
