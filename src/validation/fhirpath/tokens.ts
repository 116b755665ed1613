/** FHIRPath text as tokens (FHIRPath 2.0 §Lexical elements); what the subset has no use for is refused. */

export type Token =
  | { kind: 'string'; value: string }
  | { kind: 'integer'; value: number }
  | { kind: 'name' | 'external' | 'symbol'; value: string }
  | { kind: 'end'; value: '' };

/** Said of an expression, or of a part of it, that the subset does not have: fhirpath.js evaluates it. */
export class NotInSubset extends Error {}

const pattern =
  /\s+|'((?:[^'\\]|\\.)*)'|(\d+)(?![\d.])|([A-Za-z_]\w*)|%([A-Za-z_]\w*)|(\$this|<=|>=|!=|[()=<>|&+.,])/y;

/** Tokens of an expression, the last of kind `end`. Throws NotInSubset at a character that begins none of them. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < expression.length) {
    const match = pattern.exec(expression);
    if (!match) throw new NotInSubset(expression);
    const [, string, integer, name, external, symbol] = match;
    if (string !== undefined) tokens.push({ kind: 'string', value: unescaped(string) });
    else if (integer !== undefined) tokens.push({ kind: 'integer', value: Number(integer) });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else if (external !== undefined) tokens.push({ kind: 'external', value: external });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', value: symbol });
  }
  return [...tokens, { kind: 'end', value: '' }];
}

const controls: Record<string, string> = { r: '\r', n: '\n', t: '\t', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_all, code: string) =>
    code.length > 1 ? String.fromCharCode(parseInt(code.slice(1), 16)) : (controls[code] ?? code),
  );
}
