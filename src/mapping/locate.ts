/** The place of a JSON pointer in its file, or of the nearest part around it that is there. */
import type { Position } from '../fhir/issue.ts';
import type { SourceDocument } from './types.ts';

export function locate(document: SourceDocument, pointer: string): Position {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const position = document.positionOf(at);
    if (position) return position;
    if (at === '') return { file: document.file, line: 1, column: 1 };
  }
}
