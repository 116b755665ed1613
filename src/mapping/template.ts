/** Templates: text with paths in braces, `{id}/offer/{offre.id}`. A template with an empty place writes nothing. */
import { withBase } from './code-tables.ts';
import { type Compilation, type Loop, type Place, refuse, textOf } from './compilation.ts';
import { type CompiledPath, compilePath } from './paths.ts';
import type { Run } from './run.ts';

export type Template = {
  read: (run: Run) => string | undefined;
  /** Pointer of the last place: what distinguishes one item from the next. */
  pointer: (run: Run) => string;
};

export function compileTemplate(compilation: Compilation, place: Place, loops: readonly Loop[]): Template {
  const pieces = withBase(textOf(place.node)).split(/\{([^{}]*)\}/);
  const texts = pieces.filter((_, index) => index % 2 === 0);
  const paths: CompiledPath[] = [];
  for (const text of pieces.filter((_, index) => index % 2 === 1)) {
    const path = compilePath(text, loops);
    if (path) paths.push(path);
    else refuse(compilation, place, 'value', `Chemin mal écrit dans le modèle : {${text}}.`);
  }
  const read = (run: Run): string | undefined => {
    let written = texts[0] ?? '';
    for (let index = 0; index < paths.length; index += 1) {
      const value = paths[index]?.read(run);
      if (value === undefined || typeof value === 'object') return undefined;
      written += String(value) + (texts[index + 1] ?? '');
    }
    return written;
  };
  return { read, pointer: (run) => paths.at(-1)?.pointer(run) ?? '' };
}
