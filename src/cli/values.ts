/** Values of options, refused (exit 2) before anything is started. */
import { InvalidArgumentError } from 'commander';

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    const upTo = max === Number.MAX_SAFE_INTEGER ? `à partir de ${min}` : `de ${min} à ${max}`;
    throw new InvalidArgumentError(`un nombre entier ${upTo} est attendu.`);
  };
}

/** A day that exists, `YYYY-MM-DD`. */
export function day(text: string): string {
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  const exists = parsed && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
  if (exists) return text;
  throw new InvalidArgumentError('un jour du calendrier est attendu, AAAA-MM-JJ.');
}
