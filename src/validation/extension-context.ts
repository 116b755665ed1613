/** Where an extension may stand, by its definition (FHIR R4 §2.4.2.1). */
import type { StructureDefinition } from './definitions.ts';
import type { Finding, Place } from './place.ts';
import type { Plan } from './plans.ts';

/** `elements`: types and paths of elements; undefined where the definition says it in another way. */
export type Context = { elements?: readonly string[]; isModifier: boolean };

/** Reads the context off a definition. */
export function contextOf({ context, snapshot }: StructureDefinition): Context {
  const isModifier = snapshot.element[0]?.isModifier === true;
  const isByElement = context?.length && context.every(({ type }) => type === 'element');
  return { isModifier, ...(isByElement ? { elements: context.map(({ expression }) => expression) } : {}) };
}

/** What is wrong with where an extension stands; `holder`: the type of the element that it stands on. */
export function misplaced(context: Context, place: Readonly<Place>, holder: Plan | undefined): Finding | undefined {
  if (context.isModifier !== (place.at(-2) === 'modifierExtension')) {
    return context.isModifier ? notModifying : modifying;
  }
  const names = place.filter((step) => typeof step === 'string').slice(0, -1);
  const path = names.join('.');
  const type = holder?.type ?? '';
  const fits = (element: string): boolean =>
    element === path ||
    element === type ||
    element === 'Element' ||
    (names.length === 1 && /^(Domain)?Resource$/.test(element)) ||
    (type === 'Element' && (/^[a-z]/.test(element) || element.endsWith(`.${names.at(-1)}`))); // a primitive, by its type or name
  return !context.elements || context.elements.some(fits) ? undefined : elsewhere;
} // prettier-ignore

const elsewhere: Finding = {
  severity: 'error',
  code: 'extension',
  message: 'extension que sa définition ne permet pas à cette place',
};

const modifying: Finding = {
  ...elsewhere,
  message: 'extension qui ne change pas le sens, mise parmi celles qui le changent',
};

const notModifying: Finding = {
  ...elsewhere,
  message: 'extension qui change le sens, mise parmi celles qui ne le changent pas',
};
