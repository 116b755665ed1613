/** Refuses a YAML text that would cost too much to compose, by looking at its tokens only (memory stays flat). */
import { Lexer } from 'yaml';

/** A file of 2,000 members has some 100,000 tokens. */
const maxTokens = 500_000;
const maxNesting = 32;
const maxIndent = 200;

/** The first excess found: its offset in the text and what to say (French); undefined when the text may be composed. */
export function scanYaml(text: string): { offset: number; message: string } | undefined {
  let offset = 0;
  let tokens = 0;
  let brackets = 0;
  let nestedOnLine = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets -= 1;
    else if (token === '-' || token === '?') nestedOnLine += 1;
    else if (token[0] === '\n' || token[0] === '\r') nestedOnLine = 0;
    const indent = token[0] === ' ' && token.length > maxIndent && token.trim() === '';
    if (indent || brackets > maxNesting || nestedOnLine > maxNesting) {
      return { offset, message: 'Trop de niveaux imbriqués les uns dans les autres.' };
    }
    if (tokens > maxTokens) return { offset, message: 'Le fichier a trop d’éléments.' };
    if (!controlTokens.has(token)) offset += token.length;
  }
  return undefined;
}

/** Marks the lexer adds that stand for nothing in the text: document start, end of flow error, scalar follows. */
const controlTokens: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);
