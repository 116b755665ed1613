import type { Issue, IssueCode, Severity } from '../../fhir/issue.ts';

type Place = { line: number; column?: number };

export type CountedIssues = {
  /** One more of a kind; the first of each keeps its place. */
  add(rule: string, place: Place): void;
  /** What was counted since the last call, one issue a rule. */
  take(): Issue[];
};

/** Wording of the rules of a reader; `message` ends without a full stop: the count follows it. */
export type RuleWords = Readonly<Record<string, { severity: Severity; code: IssueCode; message: string }>>;

/**
 * Issues of a file of a million lines: one a rule, with the place of the first and the number of all. Told when the reader
 * asks, which is once at the end: a line each would bury what matters.
 */
export function countIssues(file: string, words: RuleWords): CountedIssues {
  const fresh = new Map<string, { place: Place; count: number }>();
  return {
    add(rule, place) {
      const known = fresh.get(rule);
      if (known) known.count += 1;
      else fresh.set(rule, { place, count: 1 });
    },
    take() {
      const issues = [...fresh].map(([rule, { place, count }]): Issue => {
        const { severity, code, message } = words[rule]!;
        const text = count === 1 ? `${message}.` : `${message} (${count} fois ; la première ici).`;
        return {
          severity,
          code,
          message: text,
          rule,
          source: { file, line: place.line, column: place.column ?? 1 },
        };
      });
      fresh.clear();
      return issues;
    },
  };
}
