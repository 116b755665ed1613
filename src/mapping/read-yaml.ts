/** A YAML text as a document whose every part knows its line and column. Pure: the caller reads the file. */
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Issue, Position } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { SourceDocument } from './types.ts';

/** Syntax faults (a key written twice is one) come back as issues, without a document. */
export function readYaml(text: string, file: string): { document?: SourceDocument; issues: Issue[] } {
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const issues = yaml.errors.map((error): Issue => ({
    severity: 'error',
    code: 'structure',
    message: `YAML illisible : ${error.code}`,
    source: positionAt(error.pos[0]),
  }));
  visit(yaml, {
    Alias: (_key, { range }) => {
      issues.push({
        severity: 'error',
        code: 'not-supported',
        message: 'Les renvois YAML (& et *) ne sont pas acceptés : répétez la valeur.',
        source: positionAt(range?.[0] ?? 0),
      });
    },
  });
  if (issues.length) return { issues };
  const data: unknown = yaml.toJS();
  if (!isMap(yaml.contents) || typeof data !== 'object') {
    return {
      issues: [
        {
          severity: 'error',
          code: 'structure',
          message: 'Un objet YAML est attendu.',
          source: positionAt(0),
        },
      ],
    };
  }
  return {
    document: {
      file,
      data: data as JsonObject,
      positionOf: (pointer) => {
        const offset = offsetOf(yaml.contents, stepsOf(pointer));
        return offset === undefined ? undefined : positionAt(offset);
      },
    },
    issues,
  };
}

function stepsOf(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where the key of a mapping entry, or the item of a list, begins. */
function offsetOf(root: unknown, steps: string[]): number | undefined {
  let node: unknown = root;
  let offset = isNode(root) ? root.range?.[0] : undefined;
  for (const step of steps) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step,
      );
      if (!pair) return undefined;
      offset = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (!isNode(node)) return undefined;
      offset = node.range?.[0];
    } else return undefined;
  }
  return offset;
}
