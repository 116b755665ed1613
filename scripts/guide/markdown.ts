/** Markdown that says what it is given, whatever it holds. */

/** Text inside a cell or a line: one line, with the signs of Markdown and HTML taken literally. */
export function text(value: string | undefined): string {
  return (value ?? '')
    .replace(/\s+/g, ' ')
    .replace(/[\\|<>*_[\]`]/g, (sign) => `\\${sign}`)
    .trim();
}

/** Code of one line; a pipe would end the cell. */
export function code(value: string): string {
  return `\`${value.replace(/`/g, "'").replace(/\|/g, '\\|')}\``;
}

export function link(label: string, target: string): string {
  return `[${text(label)}](${target})`;
}

/** A table, or nothing when it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return ['', line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** The anchor that a heading gets where Markdown is shown. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replace(/ /g, '-');
}

/** A whole page: lines of Markdown under a heading that says where it comes from. */
export function page(title: string, lines: readonly string[]): string {
  const note = '<!-- Written by `npm run build:guide` from profiles/ and mappings/. Do not edit. -->';
  return `${[`# ${text(title)}`, '', note, '', ...lines].join('\n').trimEnd()}\n`;
}
