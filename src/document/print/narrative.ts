/** The XHTML of a section's text as blocks that can be printed (FHIR R4 Narrative): words stay, decoration goes. */
import { XmlFault, readXml } from '../../tabular/xml.ts';
import { latinEntities } from './latin-entities.ts';

export type ListItem = { level: number; mark: string; text: string };
export type Cell = { heading: boolean; text: string };

export type Block =
  | { kind: 'paragraph' | 'heading'; text: string }
  | { kind: 'list'; items: ListItem[] }
  | { kind: 'table'; rows: Cell[][] };

type Element = { name: string; alt: string; children: (Element | string)[] };

/** Blocks in reading order; undefined when the XHTML cannot be read. */
export function blocksOf(xhtml: string): Block[] | undefined {
  const root: Element = { name: '', alt: '', children: [] };
  const path = [root];
  try {
    readXml(
      Buffer.from(xhtml, 'utf8'),
      {
        open(name, { alt = '' }) {
          const element = { name: name.toLowerCase(), alt, children: [] };
          path.at(-1)!.children.push(element);
          path.push(element);
        },
        close: () => void path.pop(),
        text: (text) => void path.at(-1)!.children.push(text),
      },
      latinEntities,
    );
  } catch (error) {
    if (error instanceof XmlFault) return undefined;
    throw error;
  }
  return blocksIn(root);
}

/** Elements that begin a block of their own. */
const blockNames = new Set(
  [
    'div',
    'p',
    'blockquote',
    'pre',
    'dl',
    'dt',
    'dd',
    'hr',
    'ul',
    'ol',
    'li',
    'table',
    'caption',
    'tr',
  ].concat(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']),
);

function blocksIn({ name, children }: Element): Block[] {
  const blocks: Block[] = [];
  let words = '';
  const flush = (): void => {
    const text = tidy(words);
    words = '';
    if (text) blocks.push({ kind: /^h[1-6]$/.test(name) ? 'heading' : 'paragraph', text });
  };
  for (const child of children) {
    if (typeof child === 'string' || !blockNames.has(child.name)) {
      words += textOf(child);
      continue;
    }
    flush();
    if (child.name === 'ul' || child.name === 'ol') blocks.push({ kind: 'list', items: itemsOf(child, 0) });
    else if (child.name === 'table') blocks.push(...tableOf(child));
    else blocks.push(...blocksIn(child));
  }
  flush();
  return blocks.filter((block) => block.kind !== 'list' || block.items.length > 0);
}

/** Whatever stands in a list is an item of it, lists inside are a level deeper. */
function itemsOf(list: Element, level: number): ListItem[] {
  return contentOf(list).flatMap((item, index) => {
    const parts = typeof item === 'string' || item.name !== 'li' ? [item] : item.children;
    const isList = (part: Element | string): part is Element =>
      typeof part !== 'string' && (part.name === 'ul' || part.name === 'ol');
    const text = tidy(
      parts
        .filter((part) => !isList(part))
        .map(textOf)
        .join(''),
    );
    const mark = list.name === 'ol' ? `${index + 1}.` : '•';
    const inner = parts.filter(isList).flatMap((one) => itemsOf(one, level + 1));
    return [...(text ? [{ level, mark, text }] : []), ...inner];
  });
}

function tableOf(table: Element): Block[] {
  const isCaption = (child: Element | string): child is Element =>
    typeof child !== 'string' && child.name === 'caption';
  const captions = table.children.filter(isCaption).map((caption) => tidy(textOf(caption)));
  const rest = { ...table, children: table.children.filter((child) => !isCaption(child)) };
  const rows = rowsOf(rest).filter((cells) => cells.length > 0);
  return [
    ...captions.filter(Boolean).map((text) => ({ kind: 'heading' as const, text })),
    ...(rows.length ? [{ kind: 'table' as const, rows }] : []),
  ];
}

const rowGroups = new Set(['thead', 'tbody', 'tfoot']);

/** Whatever stands beside rows and cells is a row or a cell of its own: no word is lost. */
function rowsOf(element: Element): Cell[][] {
  return contentOf(element).flatMap((child) => {
    if (typeof child !== 'string' && rowGroups.has(child.name)) return rowsOf(child);
    const cells = typeof child !== 'string' && child.name === 'tr' ? contentOf(child) : [child];
    return [
      cells.map((cell) => ({
        ...{ heading: typeof cell !== 'string' && cell.name === 'th', text: tidy(textOf(cell)) },
      })),
    ];
  });
}

/** Children without the white space between them. */
function contentOf({ children }: Element): (Element | string)[] {
  return children.filter((child) => typeof child !== 'string' || child.trim() !== '');
}

/** Words of a node; `\v` stands where a line ends on purpose. */
function textOf(node: Element | string): string {
  if (typeof node === 'string') return node;
  if (node.name === 'br') return '\v';
  if (node.name === 'img') return node.alt && ` [${node.alt}] `;
  const words = node.children.map(textOf).join('');
  return blockNames.has(node.name) ? `\v${words}\v` : words;
}

function tidy(words: string): string {
  return words
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(/ ?\v[ \v]*/g, '\n')
    .trim();
}
