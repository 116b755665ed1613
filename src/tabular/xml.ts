/** XML of office files, event by event. No document type and so no entity of its own, whatever it would stand for. */
import { SaxesParser } from 'saxes';

/** A part that is not the XML it should be. */
export class XmlFault extends Error {}

export type XmlHandlers = {
  /** Local name and attributes, prefixes left out. */
  open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  close: (name: string) => void;
  text: (text: string) => void;
};

const maxDepth = 64;

/**
 * Reads UTF-8 XML to its end. Throws XmlFault for bad XML, a DOCTYPE or too many levels; what handlers throw passes.
 * `entities` are names that stand for a text beside XML's own five.
 */
export function readXml(
  bytes: Uint8Array,
  { open, close, text }: XmlHandlers,
  entities: Readonly<Record<string, string>> = {},
): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  Object.assign(parser.ENTITIES, entities);
  let depth = 0;
  parser.on('error', (error) => {
    throw new XmlFault(error.message);
  });
  parser.on('doctype', () => {
    throw new XmlFault('DOCTYPE');
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > maxDepth) throw new XmlFault('too many levels');
    const local: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [key, value] of Object.entries(attributes)) local[localName(key)] = value;
    open(localName(name), local);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    close(localName(name));
  });
  parser.on('text', text);
  parser.on('cdata', text);
  let decoded: string;
  try {
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlFault('not UTF-8');
  }
  parser.write(decoded).close();
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
