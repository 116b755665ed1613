/**
 * Narrative (FHIR R4 §2.5.1, txt-1 and txt-2): one well-formed XHTML `div` of elements that format, with something to read in it and
 * nothing that acts. One pass over the text, its work linear in its length.
 */
import type { Finding } from './place.ts';

const elements = new Set(
  (
    'a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ' +
    'kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);

/** Attributes of HTML 4 that describe, by element; under `*` those of any. */
const attributes: Record<string, string> = {
  '*': 'title style class id lang xml:lang dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan colspan',
  a: 'href name charset type hreflang rel rev shape coords',
  area: 'shape coords href nohref alt',
  blockquote: 'cite',
  img: 'src alt longdesc height usemap ismap border',
  map: 'name',
  pre: 'xml:space',
  q: 'cite',
  table: 'summary border frame rules cellspacing cellpadding',
  td: 'nowrap',
};

const allowed = new Map(Object.entries(attributes).map(([name, list]) => [name, new Set(list.split(' '))]));

const namespace = 'http://www.w3.org/1999/xhtml';
const token = /<!--(?:(?!--)[^])*-->|<(\/?)([A-Za-z][\w:.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>|([^<]+)/y;
const attribute = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const badEntity = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)/;
const active = /^[\s\0-\x20]*(?:javascript|vbscript|data)\s*:/i;

/** What is wrong with `Narrative.div`; undefined when nothing is, or when it is no text. */
export function narrativeIssue(narrative: object): Finding | undefined {
  const { div } = narrative as { div?: unknown };
  const wrong = typeof div === 'string' ? faultOf(div) : undefined;
  if (!wrong) return undefined;
  return { severity: 'error', code: 'invariant', message: `narratif : ${wrong}`, below: 'div' };
}

function faultOf(text: string): string | undefined {
  const open: string[] = [];
  let hasContent = false;
  let isClosed = false;
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (!match) return 'XHTML mal formé';
    const [, slash, name, rest = '', words] = match;
    if (words !== undefined) {
      if (badEntity.test(words)) return 'entité inconnue';
      const isBlank = /^\s*$/.test(words);
      if (!isBlank && !open.length) return 'XHTML mal formé';
      hasContent ||= !isBlank;
    } else if (name !== undefined && slash) {
      if (open.pop() !== name || rest.trim()) return 'XHTML mal formé';
      isClosed = !open.length;
    } else if (name !== undefined) {
      if (isClosed || (!open.length && name !== 'div')) return 'un seul élément div attendu';
      const isEmpty = rest.endsWith('/');
      const wrong = ofElement(name, isEmpty ? rest.slice(0, -1) : rest, !open.length);
      if (wrong) return wrong;
      if (!isEmpty) open.push(name);
      else isClosed = !open.length;
      hasContent ||= name === 'img';
    }
  }
  if (!isClosed) return 'XHTML mal formé';
  return hasContent ? undefined : 'rien à lire (txt-2)';
}

function ofElement(name: string, written: string, isRoot: boolean): string | undefined {
  if (!elements.has(name)) return 'élément qui n’est pas de mise en forme (txt-1)';
  let isNamed = false;
  let end = 0;
  attribute.lastIndex = 0;
  for (let match = attribute.exec(written); match; match = attribute.exec(written)) {
    end = attribute.lastIndex;
    const [, key, double, single] = match as unknown as [string, string, string?, string?];
    const value = double ?? single ?? '';
    if (badEntity.test(value)) return 'entité inconnue';
    if (key === 'xmlns') {
      if (value !== namespace) return `espace de noms ${namespace} attendu`;
      isNamed = true;
    } else if (!allowed.get('*')!.has(key) && !allowed.get(name)?.has(key)) {
      return 'attribut qui n’est pas de mise en forme (txt-1)';
    }
    if (key === 'href' && active.test(value)) return 'lien qui agit';
  }
  if (written.slice(end).trim()) return 'XHTML mal formé';
  return isRoot && !isNamed ? `espace de noms ${namespace} attendu` : undefined;
}
