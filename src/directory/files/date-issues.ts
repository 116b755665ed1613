import type { Issue } from '../../fhir/issue.ts';

const day = 24 * 60 * 60 * 1000;

/** What is strange in the date of a file: older than what was last applied, or ahead of the clock by more than a day. */
export function dateIssues(file: string, asOf: Date, last: Date | undefined, now: Date): Issue[] {
  const source = { file, line: 1, column: 1 };
  const written = asOf.toISOString().slice(0, 16);
  if (last && asOf < last) {
    const message = `Fichier du ${written}, plus ancien que le dernier appliqué (${last.toISOString().slice(0, 16)}) : il ramènerait en arrière.`;
    return [{ severity: 'error', code: 'business-rule', rule: 'brake:older', message, source }];
  }
  if (asOf.getTime() > now.getTime() + day) {
    const message = `Fichier daté du ${written}, dans l'avenir : sa date est fausse, ou l'horloge l'est.`;
    return [{ severity: 'error', code: 'business-rule', rule: 'brake:future', message, source }];
  }
  return [];
}
