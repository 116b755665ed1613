/** Tables of a report's page, each with its caption and its headings. */

export type Cell = string | number;
export type Row = readonly Cell[];

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign]!);
}

/** A table whose first column heads its rows; `headings` absent: the rows alone. */
export function htmlTable(
  caption: string,
  headings: readonly string[] | undefined,
  rows: readonly Row[],
): string {
  if (!rows.length) return `<p>${escapeHtml(caption)} : rien.</p>`;
  const head = headings
    ? `<thead><tr>${headings.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead>\n`
    : '';
  const body = rows.map(
    ([first, ...others]) =>
      `<tr><th scope="row">${cell(first!)}</th>${others.map((one) => data(one)).join('')}</tr>`,
  );
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption>\n${head}<tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}

function data(one: Cell): string {
  return typeof one === 'number' ? `<td class="number">${cell(one)}</td>` : `<td>${cell(one)}</td>`;
}

/** Long hexadecimal is set as code. */
function cell(one: Cell): string {
  if (typeof one === 'number') return one.toLocaleString('fr-FR');
  return /^[0-9a-f]{32,}$/.test(one) ? `<code>${one}</code>` : escapeHtml(one);
}
