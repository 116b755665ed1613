/** A word as ids, fields and codes are written: no accents, small letters, dashes. `Établissement n° 3` → `etablissement-n-3`. */
export function slugOf(text: string): string {
  return text
    .replaceAll(/œ/gi, 'oe')
    .replaceAll(/æ/gi, 'ae')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
