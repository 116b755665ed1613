import type { Issue } from '../fhir/issue.ts';

/** More faults than anybody reads at once. */
const maxIssues = 200;

/** The first issues, and one that counts the others and is as severe as the worst of them. */
export function limitIssues(issues: readonly Issue[]): Issue[] {
  if (issues.length <= maxIssues) return [...issues];
  const shown = issues.slice(0, maxIssues);
  const rest = issues.slice(maxIssues);
  const severity = (['error', 'warning'] as const).find((one) =>
    rest.some((issue) => issue.severity === one),
  );
  const source = shown.at(-1)?.source;
  const more: Issue = {
    severity: severity ?? 'information',
    code: 'too-costly',
    message: `… et ${rest.length} autres anomalies.`,
    ...(source ? { source } : {}),
  };
  return [...shown, more];
}
