/** A workbook's own parts (ECMA-376 part 1, §18): its sheets, its shared texts, which cell styles show dates or zeros. */
import { readXml, type XmlHandlers } from './xml.ts';

export type Sheet = { name: string; hidden: boolean; part: string };

export type Workbook = {
  sheets: readonly Sheet[];
  /** Days are counted from 1904 (old Macintosh files) instead of 1900. */
  from1904: boolean;
  /** Part of the texts that cells share. */
  texts: string | undefined;
  /** By style number of a cell. */
  styles: readonly NumberStyle[];
  macros: boolean;
};

/** How a number is shown: as a date, or with at least so many digits. */
export type NumberStyle = { date: boolean; digits: number };

/** Asks for parts by their names, one after the other, and is given the bytes of each that is there. */
type Asking<T> = Generator<string, T, Uint8Array | undefined>;

/**
 * Reads everything but rows and texts, of an archive with parts of these `names`. Undefined when that is no workbook.
 * Throws XmlFault.
 */
export function* readWorkbook(names: readonly string[]): Asking<Workbook | undefined> {
  const main = (yield* relationsOf('')).find(({ type }) => type.endsWith('/officeDocument'))?.target;
  const part = main === undefined ? undefined : yield main;
  if (main === undefined || !part) return undefined;
  const relations = yield* relationsOf(main);
  const target = (suffix: string): string | undefined =>
    relations.find(({ type }) => type.endsWith(suffix))?.target;
  const sheets: Sheet[] = [];
  let from1904 = false;
  readXml(part, {
    open: (name, { name: title, id, state, date1904 }) => {
      if (name === 'workbookPr') from1904 = date1904 === '1' || date1904 === 'true';
      const sheet = name === 'sheet' ? relations.find((one) => one.id === id) : undefined;
      if (!sheet?.type.endsWith('/worksheet')) return;
      sheets.push({
        name: title ?? '',
        hidden: state !== undefined && state !== 'visible',
        part: sheet.target,
      });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return {
    sheets,
    from1904,
    texts: target('/sharedStrings'),
    styles: yield* stylesOf(target('/styles')),
    macros: names.some((name) => name.endsWith('vbaProject.bin')),
  };
}

type Relation = { id: string; type: string; target: string };

/** What a part refers to; the archive itself for ''. */
function* relationsOf(part: string): Asking<Relation[]> {
  const slash = part.lastIndexOf('/') + 1;
  const bytes = yield `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
  if (!bytes) return [];
  const found: Relation[] = [];
  readXml(bytes, {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      found.push({ id: Id ?? '', type: Type ?? '', target: resolved(part.slice(0, slash), Target ?? '') });
    },
    close: () => undefined,
    text: () => undefined,
  });
  return found;
}

function resolved(folder: string, target: string): string {
  const path = target.startsWith('/') ? target : `/${folder}${target}`;
  return new URL(path, 'zip:///').pathname.slice(1);
}

/** What calls `add` with each of the shared texts, in their order (§18.4.9); phonetic runs are not part of them. */
export function sharedTexts(add: (text: string) => void): XmlHandlers {
  let current = '';
  let inText = false;
  let phonetic = false;
  return {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') inText = !phonetic;
    },
    close: (name) => {
      if (name === 'si') add(current);
      else if (name === 'rPh') phonetic = false;
      else if (name === 't') inText = false;
    },
    text: (text) => {
      if (inText) current += text;
    },
  };
}

function* stylesOf(part: string | undefined): Asking<NumberStyle[]> {
  const bytes = part === undefined ? undefined : yield part;
  if (!bytes) return [];
  const formats = new Map<string, string>();
  const styles: NumberStyle[] = [];
  let inCells = false;
  readXml(bytes, {
    open: (name, { numFmtId = '', formatCode = '' }) => {
      if (name === 'numFmt') formats.set(numFmtId, formatCode);
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) styles.push(styleOf(numFmtId, formats.get(numFmtId)));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
    text: () => undefined,
  });
  return styles;
}

/** Formats 14–22, 27–36, 45–47 and 50–58 are dates and times without a code of their own (§18.8.30). */
function styleOf(id: string, code: string | undefined): NumberStyle {
  const n = Number(id);
  const builtIn =
    (n >= 14 && n <= 22) || (n >= 27 && n <= 36) || (n >= 45 && n <= 47) || (n >= 50 && n <= 58);
  if (code === undefined) return { date: builtIn, digits: 0 };
  const bare = code.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]|_./g, '').split(';', 1)[0] ?? '';
  return { date: /[dmyhs]/i.test(bare), digits: /^0+$/.test(bare) ? bare.length : 0 };
}
