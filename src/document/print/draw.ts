/**
 * A printed document as PDF: tagged in reading order, titled, in its language, fonts embedded (ISO 32000-1 §14.8,
 * ISO 14289-1). Same content and same fonts, same bytes.
 */
import PDFDocument from 'pdfkit';
import type { Printed } from './printed.ts';
import { drawBlock } from './draw-block.ts';
import { drawRule, roomFor } from './place.ts';
import { content, decoration, type Pdf } from './tags.ts';
import { ink, labelWidth, margins, pageSize, sizes } from './paper.ts';

export type Fonts = { regular: Buffer; bold: Buffer };

/** Bytes of the PDF. */
export async function draw(printed: Printed, fonts: Fonts): Promise<Buffer> {
  const dated = new Date(printed.dated);
  const options = {
    ...{ size: pageSize, margins, pdfVersion: '1.7' as const, tagged: true, displayTitle: true },
    ...{ lang: printed.language, bufferPages: true, font: fonts.regular as unknown as string },
    subset: 'PDF/UA' as 'PDF/A-1', // the types lag behind the library
    info: {
      ...{ Title: printed.title, Producer: 'Passerelle', Creator: 'Passerelle' },
      ...{ CreationDate: dated, ModDate: dated },
    },
  };
  const pdf = new PDFDocument(options);
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    pdf
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', resolve)
      .on('error', reject);
  });
  pdf.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
  drawHead(pdf, printed);
  for (const group of printed.groups) drawRows(pdf, group);
  for (const section of printed.sections) drawSection(pdf, section);
  drawFooters(pdf, printed);
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

function drawHead(pdf: Pdf, { title, warning }: Printed): void {
  content(pdf, 'H1', () => {
    pdf.font('bold', sizes.title).fillColor(ink.text).text(title);
  });
  if (warning)
    content(pdf, 'P', () => {
      pdf.font('bold', sizes.text).fillColor(ink.warning).text(warning);
    });
  pdf.moveDown(0.6);
}

/** Labels in a column of their own; each row is one paragraph for whoever listens. */
function drawRows(pdf: Pdf, { title, rows }: Printed['groups'][number]): void {
  drawTitle(pdf, title);
  const { left } = margins;
  for (const [label, value] of rows) {
    roomFor(pdf, sizes.text * 1.4);
    content(pdf, 'P', () => {
      const { y } = pdf;
      pdf.font('bold', sizes.text).fillColor(ink.label).text(`${label} : `, left, y, { width: labelWidth });
      pdf.font('regular', sizes.text).fillColor(ink.text);
      pdf.text(value, left + labelWidth, y);
    });
    pdf.x = left;
    pdf.moveDown(0.15);
  }
  pdf.moveDown(0.5);
}

function drawSection(pdf: Pdf, { title, blocks }: Printed['sections'][number]): void {
  drawTitle(pdf, title);
  for (const block of blocks) drawBlock(pdf, block);
  pdf.moveDown(0.5);
}

/** A title never stands alone at the foot of a page. */
function drawTitle(pdf: Pdf, title: string): void {
  pdf.font('bold', sizes.heading);
  roomFor(pdf, pdf.heightOfString(title) + 3 * sizes.text);
  content(pdf, 'H2', () => {
    pdf.fillColor(ink.title).text(title);
  });
  drawRule(pdf, pdf.y + 1, ink.title);
  pdf.moveDown(0.4);
}

function drawFooters(pdf: Pdf, { footer }: Printed): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    const { bottom, left, right } = margins;
    const y = pdf.page.height - bottom + 18;
    const width = pdf.page.width - left - right;
    pdf.page.margins.bottom = 0; // else writing below the margin would begin another page
    decoration(pdf, 'Pagination', () => {
      pdf.font('regular', sizes.footer).fillColor(ink.label);
      pdf.text(footer, left, y, { width: width - 70, height: 24, ellipsis: true });
      pdf.text(`page ${page - start + 1} / ${count}`, left + width - 70, y, { width: 70, align: 'right' });
    });
    pdf.page.margins.bottom = bottom;
  }
}
