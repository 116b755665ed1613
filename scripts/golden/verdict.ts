/** What a validator said of a set of resources. */

/** One error. `source` is the file, with `:line` behind it for NDJSON. */
export type ValidationError = { source: string; expression: string; message: string };

/** Everything one validator said: `unchecked` are the code systems whose codes it had no means to check. */
export type Verdict = {
  validator: string;
  resources: number;
  errors: ValidationError[];
  /** What it merely warns of. */
  warnings: ValidationError[];
  /** Milliseconds it took over all resources, its start left out; undefined where it does not tell. */
  ms?: number;
  unchecked: string[];
};

/** A resource to judge, written to a file of its own: `source` says where it came from. */
export type Sample = { path: string; source: string };

/** The parts of `OperationOutcome.issue` that both validators fill, HAPI with `diagnostics`, HL7's with `details`. */
export type OutcomeIssue = {
  severity: string;
  details?: { text?: string };
  diagnostics?: string;
  expression?: string[];
};

/** Reads the issues of one sample into a verdict; `isError` may be stricter than the severity. */
export function addIssues(
  verdict: Verdict,
  source: string,
  issues: readonly OutcomeIssue[],
  isError: (issue: OutcomeIssue) => boolean,
): void {
  for (const issue of issues) {
    const message = issue.details?.text ?? issue.diagnostics ?? '';
    const found = { source, expression: issue.expression?.[0] ?? '', message };
    if (isError(issue)) verdict.errors.push(found);
    else if (issue.severity === 'warning') verdict.warnings.push(found);
    const system =
      /CodeSystem is unknown and can't be validated: (\S+)|definition for CodeSystem '([^']+)' could not be found/.exec(
        message,
      );
    const name = system?.[1] ?? system?.[2];
    if (name && !verdict.unchecked.includes(name)) verdict.unchecked.push(name);
  }
}

/** True for what the validator itself calls an error. */
export function saysError(issue: OutcomeIssue): boolean {
  return issue.severity === 'error' || issue.severity === 'fatal';
}
