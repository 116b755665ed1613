/** XML written by hand, safely: everything is escaped, what XML 1.0 cannot hold becomes U+FFFD. No document type, no entity. */

/** A finished piece of XML. Only the functions below make one. */
export type Xml = string & { readonly piece: unique symbol };

type Attributes = Readonly<Record<string, string | undefined>>;

/** An element; absent attributes and children are left out. */
export function element(name: string, attributes: Attributes = {}, ...children: (Xml | undefined)[]): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(value!)}"`)
    .join('');
  const inner = children.filter((child) => child !== undefined).join('');
  return (inner ? `<${name}${written}>${inner}</${name}>` : `<${name}${written}/>`) as Xml;
}

/** Character data. */
export function words(text: string): Xml {
  return escaped(text) as Xml;
}

/** A whole file. */
export function xmlFile(root: Xml): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`, 'utf8');
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"\t\n\r]/g, (char) => `&#${char.codePointAt(0)};`);
}
