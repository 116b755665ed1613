/**
 * Rows as a CSV file that a French spreadsheet opens as it should: UTF-8 with mark, `;`, CRLF. A text that a spreadsheet
 * would take for a formula gets an apostrophe in front (OWASP: CSV injection), which reading a list takes away again.
 */

/** Begins what a spreadsheet would compute, behind any apostrophes of its own. */
const formulaLike = /^'*[=+\-@\t\r]/;

/** The bytes of a table; every row has as many cells as there are columns. */
export function writeCsv(columns: readonly string[], rows: readonly (readonly string[])[]): Uint8Array {
  const lines = [columns, ...rows].map((row) => row.map(cellText).join(';'));
  return new TextEncoder().encode(`\uFEFF${lines.map((line) => `${line}\r\n`).join('')}`);
}

/** What a cell of a CSV file says: without the apostrophe that keeps it from being a formula. */
export function withoutGuard(text: string): string {
  return text.startsWith("'") && formulaLike.test(text) ? text.slice(1) : text;
}

function cellText(text: string): string {
  const guarded = formulaLike.test(text) ? `'${text}` : text;
  return /[";,\t\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
