/** French words of a report's page. */
import type { Certainty, SyncReport } from './types.ts';

const kinds: Readonly<Record<string, string>> = {
  Practitioner: 'Professionnels',
  PractitionerRole: 'Situations d’exercice',
  Organization: 'Structures',
  HealthcareService: 'Offres',
  Device: 'Équipements',
  Location: 'Lieux',
  Endpoint: 'Points d’accès',
  OrganizationAffiliation: 'Affiliations',
};
const modes: Record<SyncReport['mode'], string> = {
  full: 'lecture entière',
  delta: 'changements seuls',
  rollback: 'retour à un passage antérieur',
};
const states: Readonly<Record<string, string>> = {
  reading: 'lecture interrompue',
  planned: 'prévu, non appliqué',
  braked: 'arrêté par le frein',
  applied: 'appliqué',
  failed: 'échoué',
  abandoned: 'abandonné',
  undone: 'défait',
};

export const kindName = (kind: string): string => kinds[kind] ?? kind;
export const modeName = (mode: SyncReport['mode']): string => modes[mode];
export const statusName = (status: string): string => states[status] ?? status;

/** On what a deletion rests, in a sentence. */
export function certaintyName(certainty: Certainty, readings: readonly string[] = []): string {
  return certainty === 'told-by-source'
    ? 'dit par la source'
    : `absent de deux passages complets, du ${readings.map(day).join(' et du ')}`;
}

/** An instant as `28/11/2026 03:00 UTC`. */
export function day(instant: string): string {
  const [date = '', time = ''] = instant.split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 5)} UTC`;
}

/** Seconds as days, hours, minutes and seconds, the two largest. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'j'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const from = parts.findIndex(([amount]) => amount > 0);
  if (from === -1) return '0 s';
  return parts
    .slice(from, from + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}
