/**
 * Rows as a workbook (ECMA-376): texts are texts, so that leading zeros stay and nothing is a formula; days are real
 * dates, to sort and filter by.
 */
import { lettersOf } from './cell-values.ts';
import { writeZip } from './write-zip.ts';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** Style 1 is a date (format 14: in the form of the reader's country), 2 the header, 3 a text. */
const styles =
  `<styleSheet xmlns="${main}"><fonts count="2"><font/><font><b/></font></fonts>` +
  '<fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
  '<cellXfs count="4"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/>' +
  '<xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>';

/** `days`: columns (from 0) whose full dates `YYYY-MM-DD` become dates of the spreadsheet. */
export function writeXlsx(
  sheet: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  days: ReadonlySet<number> = new Set(),
): Uint8Array {
  const header = columns.map((name, column) => textCell(name, column, 1, 2)).join('');
  const body = rows.map((row, index) => {
    const cells = row.map((text, column) => cellXml(text, column, index + 2, days.has(column)));
    return `<row r="${index + 2}">${cells.join('')}</row>`;
  });
  const last = `${lettersOf(Math.max(columns.length - 1, 0))}${rows.length + 1}`;
  return writeZip([
    {
      name: '[Content_Types].xml',
      text:
        `${head}<Types xmlns="${packages}/content-types">` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`,
    },
    { name: '_rels/.rels', text: relations(['officeDocument', 'xl/workbook.xml']) },
    {
      name: 'xl/workbook.xml',
      text: `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${escaped(sheetName(sheet))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: relations(['worksheet', 'worksheets/sheet1.xml'], ['styles', 'styles.xml']),
    },
    { name: 'xl/styles.xml', text: head + styles },
    {
      name: 'xl/worksheets/sheet1.xml',
      text:
        `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' +
        `<cols><col min="1" max="${Math.max(columns.length, 1)}" width="22" customWidth="1"/></cols>` +
        `<sheetData><row r="1">${header}</row>${body.join('')}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`,
    },
  ]);
}

function cellXml(text: string, column: number, row: number, day: boolean): string {
  if (text === '') return '';
  const serial = day ? serialOf(text) : undefined;
  if (serial === undefined) return textCell(text, column, row, 3);
  return `<c r="${lettersOf(column)}${row}" s="1"><v>${serial}</v></c>`;
}

function textCell(text: string, column: number, row: number, style: number): string {
  const place = `r="${lettersOf(column)}${row}" s="${style}"`;
  return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** Days since 30 December 1899, from the first day on which all spreadsheets agree. */
function serialOf(text: string): number | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) || text < '1900-03-01') return undefined;
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000 + 25_569;
}

/** What XML and names of sheets cannot hold is left out or escaped (ST_Xstring, ECMA-376 §22.9.2.19). */
function escaped(text: string): string {
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(
      /[\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/g,
      (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** At most 31 characters, without those a sheet may not be called by. */
function sheetName(text: string): string {
  return (
    text
      .replaceAll(/[\\/?*[\]:']/g, ' ')
      .slice(0, 31)
      .trim() || 'Liste'
  );
}

function relations(...parts: readonly [type: string, target: string][]): string {
  const list = parts.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${office}/${type}" Target="${target}"/>`,
  );
  return `${head}<Relationships xmlns="${packages}/relationships">${list.join('')}</Relationships>`;
}
