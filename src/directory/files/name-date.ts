/**
 * The date that a file's name says (`…_202602061117.txt`, `…-20260512-0339.csv`, `…_20260206.zip`, `…-202607_json.gz`), UTC.
 * Undefined when there is none, or none that exists in the calendar.
 */
export function dateInName(name: string): Date | undefined {
  const matches = name.matchAll(
    /(?<!\d)(20\d{2})(\d{2})(?:(\d{2})(?:[-_T]?(\d{2})(\d{2})(?:\d{2})?)?)?(?!\d)/g,
  );
  for (const match of [...matches].reverse()) {
    const [, year, month, day = '01', hour = '00', minute = '00'] = match;
    const text = `${year}-${month}-${day}T${hour}:${minute}:00.000Z`;
    const date = new Date(text);
    if (!Number.isNaN(date.getTime()) && date.toISOString() === text) return date;
  }
  return undefined;
}
