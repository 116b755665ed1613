/** Held cells as the data that the mapping of the directory speaks of. */
import { systems } from '../fhir/identifiers.ts';
import type { JsonObject } from '../fhir/types.ts';
import { personForm, roleForm, structureForm } from './extract/forms.ts';
import { finessForm } from './finess/structure.ts';
import { unfoldFiness } from './finess/unfold-finess.ts';
import { unfoldPerson, unfoldRole, unfoldStructure } from './extract/unfold-extract.ts';

/** @throws Error for a form that is not known */
export function unfold(form: string, content: string, keySystem: string): JsonObject {
  const cells = content.split('|');
  switch (form) {
    case roleForm:
      return { form: 'role', ...unfoldRole(cells) };
    case personForm:
      return { form: 'person', ...unfoldPerson(cells) };
    case structureForm:
      return { form: keySystem === systems.idNatSt ? 'structure' : 'practice', ...unfoldStructure(cells) };
    case finessForm:
      return { form: 'structure', ...unfoldFiness(cells) };
    default:
      throw new Error(`unknown form ${form}`);
  }
}
