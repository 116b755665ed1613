/** A workbook's own parts (ECMA-376 part 1, §18): its sheets, its shared texts, which cell styles show dates or zeros. */
import type { Archive } from './zip.ts';
import { readXml } from './xml.ts';

export type Sheet = { name: string; hidden: boolean; part: string };

export type Workbook = {
  sheets: readonly Sheet[];
  /** Days are counted from 1904 (old Macintosh files) instead of 1900. */
  from1904: boolean;
  texts: readonly string[];
  /** By style number of a cell. */
  styles: readonly NumberStyle[];
  macros: boolean;
};

/** How a number is shown: as a date, or with at least so many digits. */
export type NumberStyle = { date: boolean; digits: number };

/** Reads everything but the rows. Undefined when the archive is no workbook. Throws ZipFault and XmlFault. */
export function readWorkbook(archive: Archive): Workbook | undefined {
  const main = relationsOf(archive, '').find(({ type }) => type.endsWith('/officeDocument'))?.target;
  const part = main === undefined ? undefined : archive.read(main);
  if (main === undefined || !part) return undefined;
  const relations = relationsOf(archive, main);
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
    texts: sharedTexts(archive, target('/sharedStrings')),
    styles: stylesOf(archive, target('/styles')),
    macros: archive.names.some((name) => name.endsWith('vbaProject.bin')),
  };
}

type Relation = { id: string; type: string; target: string };

/** What a part refers to; the archive itself for ''. */
function relationsOf(archive: Archive, part: string): Relation[] {
  const slash = part.lastIndexOf('/') + 1;
  const bytes = archive.read(`${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`);
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

function sharedTexts(archive: Archive, part: string | undefined): string[] {
  const bytes = part === undefined ? undefined : archive.read(part);
  if (!bytes) return [];
  const texts: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = false;
  readXml(bytes, {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') inText = !phonetic;
    },
    close: (name) => {
      if (name === 'si') texts.push(current);
      else if (name === 'rPh') phonetic = false;
      else if (name === 't') inText = false;
    },
    text: (text) => {
      if (inText) current += text;
    },
  });
  return texts;
}

function stylesOf(archive: Archive, part: string | undefined): NumberStyle[] {
  const bytes = part === undefined ? undefined : archive.read(part);
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
