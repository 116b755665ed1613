/**
 * Extensions that no definition of ours describes (FHIR R4 §2.4): one that modifies the meaning makes the resource unsafe to
 * use, any other is passed on, with a warning to whoever reads the outcome.
 */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Shapes } from './base-schema.ts';
import { partsWithin } from './nested.ts';

/** The extensions R4 itself defines; they are many, and which of them exist is not checked. */
const standard = 'http://hl7.org/fhir/StructureDefinition/';

/** Issues of the extensions of a resource; `isKnown` tells of a canonical URL whether we have its definition. */
export function checkExtensions(
  resource: AnyResource,
  isKnown: (url: string) => boolean,
  shapes: Shapes,
): Issue[] {
  return partsWithin(resource, shapes).flatMap(({ type, value, path }): Issue[] => {
    const url = type === 'Extension' ? (value as { url?: unknown } | null)?.url : undefined;
    if (typeof url !== 'string') return [];
    if (/\.modifierExtension\[\d+\]$/.test(path)) return isKnown(url) ? [] : [modifier(path)];
    if (/[eE]xtension\[\d+\]\.extension\[\d+\]$/.test(path)) return []; // a part, judged with the whole
    if (!/^[a-z][a-z0-9+.-]*:/.test(url)) return [relative(path)];
    return isKnown(url) || url.startsWith(standard) ? [] : [unknown(path)];
  });
}

function modifier(expression: string): Issue {
  const message = 'extension inconnue qui change le sens de la ressource : elle ne peut pas être traitée';
  return { severity: 'error', code: 'extension', message, expression };
}

function relative(path: string): Issue {
  const message = 'l’url d’une extension est absolue';
  return { severity: 'error', code: 'value', message, expression: `${path}.url` };
}

function unknown(expression: string): Issue {
  const message = 'extension inconnue de la passerelle, transmise sans être vérifiée';
  return { severity: 'warning', code: 'extension', message, expression };
}
