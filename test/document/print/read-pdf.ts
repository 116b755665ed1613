/** A PDF as an independent reader (pdf.js) understands it: facts, tags and the words of each tag in reading order. */
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export type ReadPdf = {
  info: { Title?: string; Language?: string; PDFFormatVersion?: string };
  marked: boolean;
  pages: number;
  /** Every tag with its words, page by page. */
  tags: { role: string; text: string }[];
  /** Words that no tag holds: page numbers and the like. */
  untagged: string[];
  fonts: string[];
};

type Node = { role?: string; type?: string; id?: string; children?: Node[] };
type Item = { str?: string; type?: string; id?: string; tag?: string };

export async function readPdf(bytes: Buffer): Promise<ReadPdf> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const pdf = await task.promise;
  const tags: ReadPdf['tags'] = [];
  const untagged: string[] = [];
  const fonts = new Set<string>();
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items, styles } = await page.getTextContent({ includeMarkedContent: true });
    Object.values(styles).forEach(({ fontFamily }) => fonts.add(fontFamily));
    const words = wordsById(items, untagged);
    const visit = ({ role = '', children = [] }: Node): void => {
      const own = children.filter(({ type }) => type === 'content').map(({ id = '' }) => words.get(id) ?? '');
      if (own.length) tags.push({ role, text: own.join('').trim() });
      children.filter(({ type }) => type !== 'content').forEach(visit);
    };
    visit(await page.getStructTree());
  }
  const { info } = await pdf.getMetadata();
  const mark = (await pdf.getMarkInfo()) as ReadonlyMap<string, boolean> | null;
  const { numPages: pages } = pdf;
  await task.destroy();
  return {
    info,
    marked: mark?.get('Marked') === true,
    pages,
    tags,
    untagged,
    fonts: [...fonts],
  };
}

function wordsById(items: readonly Item[], untagged: string[]): Map<string, string> {
  const words = new Map<string, string>();
  const open: (string | undefined)[] = [];
  for (const { type, id, str } of items) {
    if (type?.startsWith('beginMarkedContent')) open.push(id);
    else if (type === 'endMarkedContent') open.pop();
    else if (str) {
      const at = open.at(-1);
      if (at) words.set(at, (words.get(at) ?? '') + str);
      else untagged.push(str);
    }
  }
  return words;
}
