/** Where the pen is, and what fits below it. */
import { margins } from './paper.ts';
import { decoration, type Pdf } from './tags.ts';

/** Begins a page when `height` points are not left on this one. */
export function roomFor(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - margins.bottom) pdf.addPage();
}

/** A line across the page. */
export function drawRule(pdf: Pdf, y: number, color: string): void {
  decoration(pdf, 'Layout', () => {
    pdf
      .moveTo(margins.left, y)
      .lineTo(pdf.page.width - margins.right, y)
      .lineWidth(0.5)
      .strokeColor(color)
      .stroke();
  });
}
