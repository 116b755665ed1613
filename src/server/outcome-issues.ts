/** An OperationOutcome of a hospital, reduced to codes and places: its texts quote content (HAPI does) and stay out. */
import type { Issue, IssueCode, Severity } from '../fhir/issue.ts';

const severities: ReadonlySet<string> = new Set(['fatal', 'error', 'warning', 'information']);
const codes: ReadonlySet<string> = new Set([
  'invalid',
  'structure',
  'required',
  'value',
  'invariant',
  'code-invalid',
  'extension',
  'forbidden',
  'login',
  'suppressed',
  'processing',
  'not-supported',
  'duplicate',
  'multiple-matches',
  'not-found',
  'deleted',
  'too-long',
  'too-costly',
  'business-rule',
  'conflict',
  'transient',
  'timeout',
  'throttled',
  'exception',
  'informational',
] satisfies IssueCode[]);

/** A plain path such as `Bundle.entry[2].resource.ofType(Task).status`; anything with quotes could hold a value. */
const plainPath = /^[A-Za-z0-9_.[\]()-]{1,200}$/;

/** Most issues kept of one answer. */
const mostIssues = 20;

/** Issues of an answer's body; empty when it is no OperationOutcome. `rule` is HAPI's own error number, if it gives one. */
export function outcomeIssues(body: unknown): Issue[] {
  const issues = (body as { issue?: unknown } | undefined | null)?.issue;
  if (!Array.isArray(issues)) return [];
  return issues.slice(0, mostIssues).map((raw: unknown) => {
    const issue = (typeof raw === 'object' && raw !== null ? raw : {}) as Record<string, unknown>;
    const code = codeOf(issue);
    const severity = (severities.has(String(issue['severity'])) ? issue['severity'] : 'error') as Severity;
    const expression = firstPath(issue['expression']) ?? firstPath(issue['location']);
    const rule = /^HAPI-\d{1,6}/.exec(String(issue['diagnostics']))?.[0];
    return {
      severity,
      code,
      message: `Signalé par le serveur : ${rule ? `${code}, ${rule}` : code}.`,
      ...(expression ? { expression } : {}),
      ...(rule ? { rule } : {}),
    };
  });
}

/** HAPI tells only in words that a condition matched several resources (P-18). */
function codeOf({ code, diagnostics }: Record<string, unknown>): IssueCode {
  if (/\bmatched \d+ resources\b/.test(String(diagnostics))) return 'multiple-matches';
  return codes.has(String(code)) ? (code as IssueCode) : 'processing';
}

function firstPath(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === 'string' && plainPath.test(first) ? first : undefined;
}
