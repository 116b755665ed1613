/** A YAML text as data whose every part knows its line and column. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Issue, Position } from '../../../fhir/issue.ts';

export type Located = { data: unknown; positionOf(pointer: string): Position };

/** Aliases expanded at most: a scenario has no use for more. */
const maxAliasCount = 100;

/** Data and places of a text; syntax faults come back as issues, without data. */
export function readLocated(text: string, file: string): { located?: Located; issues: Issue[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const issues = document.errors.map(({ code, pos }): Issue => ({
    severity: 'error',
    code: 'structure',
    message: `YAML illisible : ${code}`,
    source: at(pos[0]),
  }));
  if (issues.length) return { issues };
  try {
    const data: unknown = document.toJS({ maxAliasCount }) ?? {};
    return { located: { data, positionOf: (pointer) => at(offsetOf(document.contents, pointer)) }, issues };
  } catch {
    const message = 'Trop de renvois YAML (& et *).';
    return { issues: [{ severity: 'error', code: 'too-costly', message, source: at(0) }] };
  }
}

/** Where the nearest part that a JSON pointer leads to begins: the key of an entry, or the item of a list. */
function offsetOf(root: unknown, pointer: string): number {
  let node = root;
  let offset = isNode(root) ? (root.range?.[0] ?? 0) : 0;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      if (!pair) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(name)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
