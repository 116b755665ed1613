/** Prints documents: fonts are read once, what is printed follows from the document alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompositionSection } from 'fhir/r4.js';
import type { ReadDocument } from '../read-document.ts';
import type { Fonts } from './draw.ts';
import { type PrintedSection, printedOf } from './printed.ts';

/** The PDF of a document. Throws `unprocessable` for a text that cannot be printed. */
export type Print = (document: ReadDocument) => Promise<Buffer>;

/** A printer with the fonts of a folder (`assets/fonts`). */
export function createPrinter(folder: string): Print {
  let fonts: Fonts | undefined;
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  return async (document) => {
    fonts ??= { regular: read('DejaVuSans.ttf'), bold: read('DejaVuSans-Bold.ttf') };
    const { draw } = await import('./draw.ts'); // late: a gateway that waits prints nothing
    return draw(printedOf(document, sectionsOf(document.composition.section)), fonts);
  };
}

function sectionsOf(sections: readonly CompositionSection[] = []): PrintedSection[] {
  return sections.map(({ title, text, section }) => ({
    ...(title ? { title } : {}),
    ...(text?.div ? { div: text.div } : {}),
    sections: sectionsOf(section),
  }));
}
