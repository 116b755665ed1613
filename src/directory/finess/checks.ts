import { checkFiness, checkSiret } from '../../fhir/identifiers.ts';
import type { CountedIssues } from '../files/counted-issues.ts';
import { isFiness } from '../extract/activity-line.ts';
import { dayOf } from './structure.ts';

type Place = { line: number };

/** A FINESS number that can be used; what is wrong with it is counted. */
export function usableFiness(text: string, issues: CountedIssues, place: Place): string | undefined {
  if (!isFiness(text)) {
    issues.add(/^[0-9]{11}$/.test(text) ? 'line:rpps-there' : 'line:finess', place);
    return undefined;
  }
  if (checkFiness(text) === 'wrong-digit') issues.add('digit:finess', place);
  return text;
}

/** A SIRET that can be used. */
export function usableSiret(text: string, issues: CountedIssues, place: Place): string | undefined {
  if (!text) return undefined;
  const result = checkSiret(text);
  if (result === 'wrong-form') issues.add('form:siret', place);
  if (result === 'wrong-digit') issues.add('digit:siret', place);
  return result === 'wrong-form' ? undefined : text;
}

export function usableDay(text: string, issues: CountedIssues, place: Place): string | undefined {
  const day = text ? dayOf(text) : undefined;
  if (text && !day) issues.add('form:date', place);
  return day;
}
