/** An XDM package as its receiver opens it: another zip library than the writer's, XML without document types. */
import { fromBufferPromise, type Entry } from 'yauzl';
import { readXml } from '../../../src/tabular/xml.ts';

export type XmlNode = {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlNode[];
  text: string;
};

/** Bytes of each file by its path, in the order of the zip. */
export async function filesIn(zip: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const opened = await fromBufferPromise(zip, { lazyEntries: true });
  for await (const entry of opened.eachEntry() as AsyncIterable<Entry>) {
    const chunks: Buffer[] = [];
    for await (const chunk of await opened.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(entry.fileName, Buffer.concat(chunks));
  }
  return files;
}

export function parseXml(bytes: Buffer): XmlNode {
  const root: XmlNode = { name: '', attributes: {}, children: [], text: '' };
  const path = [root];
  readXml(bytes, {
    open(name, attributes) {
      const node = { name, attributes, children: [], text: '' };
      path.at(-1)!.children.push(node);
      path.push(node);
    },
    close: () => void path.pop(),
    text: (text) => void (path.at(-1)!.text += text),
  });
  return root.children[0]!;
}

/** Every node at a path of names below this one. */
export function at(node: XmlNode, path: string): XmlNode[] {
  return path
    .split('/')
    .reduce<XmlNode[]>(
      (nodes, name) => nodes.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [node],
    );
}
