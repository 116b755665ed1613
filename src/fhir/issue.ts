/** Errors are data: pure steps return issues, edges throw one GatewayError that may carry them. */

/** Whose fault it is. */
export type Side = 'sender' | 'gateway' | 'server' | 'directory';

/** `OperationOutcome.issue.severity` (FHIR R4, required binding). */
export type Severity = 'fatal' | 'error' | 'warning' | 'information';

/** The codes of `OperationOutcome.issue.code` (FHIR R4, issue-type) that this product uses. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'extension'
  | 'forbidden'
  | 'login'
  | 'suppressed'
  | 'processing'
  | 'not-supported'
  | 'duplicate'
  | 'multiple-matches'
  | 'not-found'
  | 'deleted'
  | 'too-long'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'timeout'
  | 'throttled'
  | 'exception'
  | 'informational';

/** Where a value stood in a file: 1-based line and column; in a workbook row and column, and also `cell`: `sheet:C7`. */
export type Position = { file: string; line: number; column: number; cell?: string };

/** One finding of a check, a mapping or a validation. `message` is French when a coordinator will read it. */
export type Issue = {
  severity: Severity;
  code: IssueCode;
  message: string;
  /** FHIRPath of the element concerned, when the input is a resource. */
  expression?: string;
  /** Place in the file concerned, when the input is a file. */
  source?: Position;
  /** Name of the rule, invariant or profile that spoke. */
  rule?: string;
  /** Whose fault it is, and what to do instead, in French. */
  remedy?: { side: Side; next: string };
};

/** True when at least one issue forbids going on. */
export function hasErrors(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.severity === 'error' || issue.severity === 'fatal');
}

/** `file:line:column`; `file:sheet:cell` in a workbook. */
export function formatPosition({ file, line, column, cell }: Position): string {
  return cell === undefined ? `${file}:${line}:${column}` : `${file}:${cell}`;
}

/** `file:line:column severity message`, the form every command line prints. */
export function formatIssue(issue: Issue): string {
  const place = issue.source ? formatPosition(issue.source) : (issue.expression ?? '');
  return [place, issue.severity, issue.message].filter(Boolean).join(' ');
}
