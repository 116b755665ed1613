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

/** Takes XML text in pieces. Both throw XmlFault for bad XML, a DOCTYPE or too many levels; what handlers throw passes. */
export type XmlReader = { write(text: string): void; end(): void };

/** Names that stand for a text beside XML's own five. */
type Entities = Readonly<Record<string, string>>;

export function xmlReader({ open, close, text }: XmlHandlers, entities: Entities = {}): XmlReader {
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
  return { write: (part) => void parser.write(part), end: () => void parser.close() };
}

/** Reads UTF-8 XML to its end. Throws as an XmlReader does. */
export function readXml(bytes: Uint8Array, handlers: XmlHandlers, entities: Entities = {}): void {
  const reader = xmlReader(handlers, entities);
  reader.write(decoded(new TextDecoder('utf-8', { fatal: true }), bytes));
  reader.end();
}

/** Reads UTF-8 XML piece by piece; `each` is called after every piece. Throws as an XmlReader does. */
export async function* readXmlPieces<T>(
  pieces: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
  each: () => Iterable<T>,
): AsyncGenerator<T> {
  const reader = xmlReader(handlers);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) {
    reader.write(decoded(decoder, piece, true));
    yield* each();
  }
  reader.write(decoded(decoder, new Uint8Array()));
  reader.end();
  yield* each();
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream = false): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new XmlFault('not UTF-8');
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
