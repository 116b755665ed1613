/** One block of a section's text, drawn and tagged. */
import type { Block, Cell, ListItem } from './narrative.ts';
import { indent, ink, margins, sizes } from './paper.ts';
import { drawRule, roomFor } from './place.ts';
import { content, group, type Pdf } from './tags.ts';

/** Draws at the pen, in the width of the page, and leaves the pen below. */
export function drawBlock(pdf: Pdf, block: Block): void {
  pdf.font(block.kind === 'heading' ? 'bold' : 'regular', sizes.text).fillColor(ink.text);
  if (block.kind === 'list') drawList(pdf, block.items);
  else if (block.kind === 'table') drawTable(pdf, block.rows);
  else
    content(pdf, block.kind === 'heading' ? 'H3' : 'P', () => {
      pdf.text(block.text);
    });
  pdf.moveDown(0.3);
}

function drawList(pdf: Pdf, items: readonly ListItem[]): void {
  group(pdf, 'L', (list) => {
    for (const { level, mark, text } of items)
      group(
        pdf,
        'LI',
        (item) => {
          roomFor(pdf, sizes.text * 1.4);
          const { y } = pdf;
          const left = margins.left + indent * (level + 0.4);
          content(pdf, 'Lbl', () => pdf.text(mark, left, y, { lineBreak: false }), item);
          content(pdf, 'LBody', () => pdf.text(text, left + indent + 4, y), item);
          pdf.x = margins.left;
          pdf.moveDown(0.1);
        },
        list,
      );
  });
}

/** Columns of one width; a row that no page could hold runs over pages cell by cell. */
function drawTable(pdf: Pdf, rows: readonly Cell[][]): void {
  const width = pdf.page.width - margins.left - margins.right;
  const columns = Math.max(...rows.map((cells) => cells.length));
  const page = pdf.page.height - margins.top - margins.bottom;
  group(pdf, 'Table', (table) => {
    for (const cells of rows) {
      const cellWidth = width / columns - 8;
      const heights = cells.map(({ heading, text }) =>
        fontOf(pdf, heading).heightOfString(text || ' ', { width: cellWidth }),
      );
      const height = Math.max(...heights) + 5;
      if (height < page) {
        const titles = cells.every(({ heading }) => heading);
        roomFor(pdf, height + (titles ? sizes.text * 3 : 0)); // never alone at the foot of a page
        const { y } = pdf;
        drawRow(pdf, table, cells, (index) => ({
          ...{ x: margins.left + (index * width) / columns, y, width: cellWidth },
        }));
        pdf.y = y + height;
      } else drawRow(pdf, table, cells, () => ({ x: margins.left, y: pdf.y, width: width - 8 }));
      pdf.x = margins.left;
      drawRule(pdf, pdf.y - 3, ink.rule);
    }
  });
}

type Place = { x: number; y: number; width: number };

function drawRow(
  pdf: Pdf,
  table: PDFKit.PDFStructureElement,
  cells: readonly Cell[],
  place: (index: number) => Place,
): void {
  group(
    pdf,
    'TR',
    (row) => {
      for (const [index, { heading, text }] of cells.entries()) {
        const { x, y, width } = place(index);
        const drawing = (): void => void fontOf(pdf, heading).text(text || ' ', x, y, { width });
        content(pdf, heading ? 'TH' : 'TD', drawing, row);
      }
    },
    table,
  );
}

function fontOf(pdf: Pdf, heading: boolean): Pdf {
  return pdf.font(heading ? 'bold' : 'regular', sizes.text);
}
