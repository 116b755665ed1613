import type { Issue } from '../fhir/issue.ts';
import { formIssues } from './form-issues.ts';
import type { Kind } from './kind.ts';
import { limitIssues } from './limit-issues.ts';
import type { Network } from './network.ts';
import { placeholderIssues } from './placeholder-issues.ts';
import { referenceIssues } from './references.ts';
import { ruleIssues } from './rule-issues.ts';
import { schemaIssues } from './schema-issues.ts';
import { spellingIssues } from './spellings.ts';

/**
 * Everything wrong with a network on a day (`YYYY-MM-DD`), each with file, line and column, in the order of the file:
 * unknown fields and values, references, duplicates, periods, check digits (warnings), what a starter file left open (warnings),
 * establishments that look alike (questions), rules of its kind. Never throws.
 */
export function checkNetwork(
  network: Network,
  kind: Pick<Kind, 'schema' | 'rules' | 'places'>,
  options: { at: string },
): Issue[] {
  const { errors, mentions } = kind.schema(network.data);
  const issues = [
    ...schemaIssues(network, errors),
    ...referenceIssues(network, mentions, options.at),
    ...formIssues(network),
    ...placeholderIssues(network),
    ...ruleIssues(network, kind.rules, options.at, kind.places),
    ...spellingIssues(network),
  ];
  return limitIssues(issues.sort(inOrderOf(network.file)));
}

/** The network's own file first, then its lists; top to bottom. */
function inOrderOf(file: string): (a: Issue, b: Issue) => number {
  const rank = (issue: Issue): string => (issue.source?.file === file ? '' : (issue.source?.file ?? ''));
  return (a, b) =>
    rank(a).localeCompare(rank(b)) ||
    (a.source?.line ?? 0) - (b.source?.line ?? 0) ||
    (a.source?.column ?? 0) - (b.source?.column ?? 0);
}
