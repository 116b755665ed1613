/**
 * Extensions (FHIR R4 §2.4): each is held to its definition. Of those that no definition of ours describes, one that
 * modifies the meaning makes the resource unsafe to use; any other is passed on, with a warning to whoever reads the outcome.
 */
import type { Issue } from '../fhir/issue.ts';
import type { Finding, Place } from './place.ts';
import { type Context, misplaced } from './extension-context.ts';
import type { Plan, Ready } from './plans.ts';

/** What definitions say of an extension. */
export type ExtensionCheck = {
  contextOf: (url: string) => Context | undefined;
  /** Issues of its structure by its definition, and of its value by the type of that. */
  structure(extension: object, place: Readonly<Place>): Issue[];
  /** The invariants of its definition. */
  rules(extension: object): readonly Ready[];
};

/** The extensions R4 itself defines; they are many, and which of them exist is not checked. */
const standard = 'http://hl7.org/fhir/StructureDefinition/';

/** What the URL of an extension at a place says against it; `holder`: the type of the element that it stands on. */
export function extensionIssue(
  extension: object,
  place: Readonly<Place>,
  holder: Plan | undefined,
  { contextOf }: ExtensionCheck,
): Finding | undefined {
  const { url } = extension as { url?: unknown };
  if (typeof url !== 'string') return undefined;
  const context = contextOf(url);
  if (context) return misplaced(context, place, holder);
  if (place.at(-2) === 'modifierExtension') return modifier;
  if (holder?.type === 'Extension') return undefined; // judged with the whole
  if (!/^[a-z][a-z0-9+.-]*:/.test(url)) return relative;
  return url.startsWith(standard) ? undefined : unknown;
}

const modifier: Finding = {
  severity: 'error',
  code: 'extension',
  message: 'extension inconnue qui change le sens de la ressource : elle ne peut pas être traitée',
};

const relative: Finding = {
  severity: 'error',
  code: 'value',
  message: 'l’url d’une extension est absolue',
  below: 'url',
};

const unknown: Finding = {
  severity: 'warning',
  code: 'extension',
  message: 'extension inconnue de la passerelle, transmise sans être vérifiée',
};
