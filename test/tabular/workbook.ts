/** Workbooks for tests: from fixtures of another program, or put together part by part to be as wrong as wanted. */
import { readFileSync } from 'node:fs';
import { formatIssue, type Issue } from '../../src/fhir/issue.ts';
import type { Table } from '../../src/tabular/table.ts';
import { writeZip } from '../../src/tabular/write-zip.ts';

export function fixture(name: string): Uint8Array {
  return readFileSync(`test/fixtures/tabular/${name}`);
}

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export type Parts = {
  sheets?: readonly string[];
  /** XML between the tags of the first sheet. */
  sheet?: string;
  workbookPr?: string;
  texts?: string;
  styles?: string;
  more?: readonly { name: string; text: string }[];
};

/** A workbook of parts as they are given. */
export function workbook({
  sheets = ['S'],
  sheet = '',
  workbookPr = '',
  texts,
  styles,
  more = [],
}: Parts): Uint8Array {
  const relations = [
    ...sheets.map(
      (_, index) => `<Relationship Id="s${index}" Type="${office}/worksheet" Target="sheet${index}.xml"/>`,
    ),
    `<Relationship Id="t" Type="${office}/sharedStrings" Target="texts.xml"/>`,
    `<Relationship Id="y" Type="${office}/styles" Target="styles.xml"/>`,
  ];
  const list = sheets.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index}"/>`);
  return writeZip([
    {
      name: '_rels/.rels',
      text: `<Relationships><Relationship Id="w" Type="${office}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      text: `<workbook xmlns:r="r">${workbookPr}<sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', text: `<Relationships>${relations.join('')}</Relationships>` },
    { name: 'xl/sheet0.xml', text: `<worksheet>${sheet}</worksheet>` },
    ...(texts === undefined ? [] : [{ name: 'xl/texts.xml', text: texts }]),
    ...(styles === undefined ? [] : [{ name: 'xl/styles.xml', text: styles }]),
    ...more,
  ]);
}

/** A sheet of texts. */
export function sheetOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  return `<sheetData>${rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('')}</sheetData>`;
}

/** Texts by header, row by row. */
export function plain(table: Table | undefined): Record<string, string>[] | undefined {
  return table?.rows.map(({ cells }) =>
    Object.fromEntries([...cells].map(([name, { text }]) => [name, text])),
  );
}

export function told(issues: readonly Issue[]): string[] {
  return issues.map(formatIssue);
}
