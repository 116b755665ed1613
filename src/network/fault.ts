import type { Issue, IssueCode, Position } from '../fhir/issue.ts';

/** An error in a network file. `message` is French, for a coordinator. */
export function fault(source: Position, code: IssueCode, message: string): Issue {
  return { severity: 'error', code, message, source };
}

/** The beginning of a file, for faults that concern it as a whole. */
export function startOf(file: string): Position {
  return { file, line: 1, column: 1 };
}

/** A value as a message quotes it: short, whatever the file holds. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return `« ${text.length > 60 ? `${text.slice(0, 57)}…` : text} »`;
}
