/** Marks of a tagged PDF (ISO 32000-1 §14.8): what is content, in which order, and what is decoration. */

export type Pdf = PDFKit.PDFDocument;
export type Tag = PDFKit.PDFStructureElement;

/** Content of one structure type, next in reading order, in `parent` or at the top. */
export function content(pdf: Pdf, type: string, drawing: () => void, parent?: Tag): void {
  const element = pdf.struct(type, {}, drawing);
  if (parent) parent.add(element);
  else pdf.addStructure(element);
}

/** An element with children, which `fill` adds. */
export function group(pdf: Pdf, type: string, fill: (element: Tag) => void, parent?: Tag): void {
  const element = pdf.struct(type);
  if (parent) parent.add(element);
  else pdf.addStructure(element);
  fill(element);
  element.end();
}

/** What nobody needs to hear: lines, page numbers. */
export function decoration(pdf: Pdf, type: 'Layout' | 'Pagination', drawing: () => void): void {
  pdf.markContent('Artifact', { type });
  drawing();
  pdf.endMarkedContent();
}
