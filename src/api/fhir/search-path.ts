/** Paths of search parameters: elements with `.` between them, `[]` after each that repeats, `ext(NAME)` for an extension. */
import { canonicalBase } from '../../fhir/names.ts';

/** An element on the way; of an extension, which one. */
export type PathStep = { name: string; repeats: boolean; url?: string };

/** The steps of a path; an extension of our guide is called by the last part of its canonical, a part of one by its name. */
export function stepsOf(path: string): PathStep[] {
  return path.split('.').map((step) => {
    const extension = /^ext\((.+)\)$/.exec(step)?.[1];
    if (extension === undefined) return { name: step.replace('[]', ''), repeats: step.endsWith('[]') };
    const url = extension.startsWith('pas-')
      ? `${canonicalBase}/StructureDefinition/${extension}`
      : extension;
    return { name: 'extension', repeats: true, url };
  });
}
