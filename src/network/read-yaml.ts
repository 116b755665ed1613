/**
 * YAML 1.2 as a coordinator needs it: lists, fields, texts. Anchors and aliases are refused (they are how a small file
 * becomes a huge one), so are tags. Numbers stay texts as written: `04112` keeps its zero and a FINESS needs no quotes.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, ParsedNode, Tags } from 'yaml';
import type { Issue, Position } from '../fhir/issue.ts';
import { fault, quoted, startOf } from './fault.ts';
import { scanYaml } from './scan-yaml.ts';
import { forbiddenNames } from './tree.ts';
import type { Tree } from './tree.ts';
import { syntaxMessage } from './yaml-message.ts';

const withoutNumbers = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || !/:(int|float)$/.test(tag.tag));

/** The content of a text, or every fault that keeps it from being read. Keys written twice are faults. */
export function readYaml(text: string, file: string): { tree?: Tree; issues: Issue[] } {
  const lines = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  const excess = scanYaml(text);
  if (excess) return { issues: [fault(positionOf(text, file, excess.offset), 'too-costly', excess.message)] };
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, customTags: withoutNumbers });
  if (document.errors.length > 0) {
    return {
      issues: document.errors.map((error) =>
        fault(place(error.pos[0]), 'structure', syntaxMessage(error.code)),
      ),
    };
  }

  const issues: Issue[] = [];
  const treeOf = (node: ParsedNode | Node | null, at: Position): Tree => {
    if (isAlias(node) || (node && 'anchor' in node && node.anchor)) {
      issues.push(
        fault(at, 'not-supported', 'Les renvois YAML (& et *) ne sont pas acceptés : répétez la valeur.'),
      );
      return { position: at, value: null };
    }
    if (node?.tag) {
      issues.push(fault(at, 'not-supported', `La marque YAML ${quoted(node.tag)} n’est pas acceptée.`));
    }
    if (isSeq<Node>(node)) {
      return { position: at, value: node.items.map((item) => treeOf(item, offsetOf(item, at, place))) };
    }
    if (!isMap<Node, Node | null>(node)) return { position: at, value: scalarOf(node) };
    const fields = new Map<string, Tree>();
    for (const { key, value } of node.items) {
      const keyAt = offsetOf(key, at, place);
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
      if (name === undefined)
        issues.push(fault(keyAt, 'structure', 'Un nom de champ est attendu avant « : ».'));
      else if (forbiddenNames.has(name))
        issues.push(fault(keyAt, 'forbidden', `Le nom de champ ${quoted(name)} est interdit.`));
      else if (fields.has(name))
        issues.push(fault(keyAt, 'duplicate', `Le champ ${quoted(name)} est écrit deux fois ici.`));
      else fields.set(name, treeOf(value, keyAt));
    }
    return { position: at, value: fields };
  };

  const tree = treeOf(document.contents, startOf(file));
  if (issues.length > 0) return { issues };
  return { tree, issues };
}

function offsetOf(node: Node | null, parent: Position, place: (offset: number) => Position): Position {
  return node?.range ? place(node.range[0]) : parent;
}

function scalarOf(node: unknown): null | boolean | string {
  const value = isScalar(node) ? node.value : null;
  return typeof value === 'boolean' || typeof value === 'string' ? value : null;
}

/** Line and column of an offset in a text not composed yet. */
function positionOf(text: string, file: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
