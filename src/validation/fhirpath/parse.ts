/** The subset's grammar (FHIRPath 2.0, Appendix: operator precedence) as a syntax tree. */
import { NotInSubset, type Token, tokensOf } from './tokens.ts';

export type Syntax =
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'this' }
  | { kind: 'external'; name: string }
  | { kind: 'member'; of: Syntax | undefined; name: string }
  | { kind: 'call'; of: Syntax | undefined; name: string; args: Syntax[] }
  | { kind: 'operator'; name: string; left: Syntax; right: Syntax };

/** Operators that the subset has, weakest first. */
const levels = [['implies'], ['or', 'xor'], ['and'], ['in'], ['=', '!='], ['<', '>', '<=', '>='], ['|'], ['+', '&']]; // prettier-ignore

/** Words that are operators of FHIRPath, and no names, where an operator may stand. */
const words = new Set(['implies', 'or', 'xor', 'and', 'in', 'contains', 'is', 'as', 'div', 'mod']);

/** Those of them that are names behind a point. */
const names = new Set(['in', 'contains', 'is', 'as']);

/** Syntax tree of an expression. Throws NotInSubset where the expression is none of the subset. */
export function parse(expression: string): Syntax {
  const tokens = tokensOf(expression);
  let at = 0;
  const tree = operators(0);
  if (peek().kind !== 'end') throw new NotInSubset(expression);
  return tree;

  function peek(): Token {
    return tokens[at]!;
  }

  function accept(symbol: string): boolean {
    const { kind, value } = peek();
    if (kind !== 'symbol' || value !== symbol) return false;
    at += 1;
    return true;
  }

  function expect(symbol: string): void {
    if (!accept(symbol)) throw new NotInSubset(expression);
  }

  function operators(level: number): Syntax {
    const names = levels[level];
    if (!names) return path();
    let left = operators(level + 1);
    for (;;) {
      const { kind, value } = peek();
      if (kind === 'string' || kind === 'external' || kind === 'integer' || !names.includes(value))
        return left;
      at += 1;
      left = { kind: 'operator', name: value, left, right: operators(level + 1) };
    }
  }

  function path(): Syntax {
    let tree = term();
    while (accept('.')) tree = invocation(tree);
    return tree;
  }

  function term(): Syntax {
    const token = peek();
    if (accept('(')) {
      const inner = operators(0);
      expect(')');
      return inner;
    }
    if (accept('$this')) return { kind: 'this' };
    if (token.kind === 'name' && (token.value === 'true' || token.value === 'false')) {
      at += 1;
      return { kind: 'literal', value: token.value === 'true' };
    }
    if (token.kind === 'name') return invocation(undefined);
    at += 1;
    if (token.kind === 'string' || token.kind === 'integer') return { kind: 'literal', value: token.value };
    if (token.kind === 'external') return { kind: 'external', name: token.value };
    throw new NotInSubset(expression);
  }

  function invocation(of: Syntax | undefined): Syntax {
    const { kind, value: name } = peek();
    if (kind !== 'name' || (words.has(name) && !(of && names.has(name)))) throw new NotInSubset(expression);
    at += 1;
    if (!accept('(')) return { kind: 'member', of, name };
    const args: Syntax[] = [];
    if (!accept(')')) {
      do args.push(operators(0));
      while (accept(','));
      expect(')');
    }
    return { kind: 'call', of, name, args };
  }
}
