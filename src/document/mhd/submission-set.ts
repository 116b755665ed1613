/** The List that says who submits what, when (MHD-02). */
import type { Issue } from '../../fhir/issue.ts';
import type { AnyResource, Coding, Identifier } from '../../fhir/types.ts';
import { issue } from './content.ts';

/** Base of IHE's own profiles and extensions. */
export const ihe = 'https://profiles.ihe.net/ITI/MHD';
/** Extension that names the sending system. */
export const sourceIdUrl = `${ihe}/StructureDefinition/ihe-sourceId`;
/** Extension that says what activity a submission comes from (XDS contentTypeCode). */
export const designationTypeUrl = `${ihe}/StructureDefinition/ihe-designationType`;
/** Extension that names whom a submission is for. */
export const intendedRecipientUrl = `${ihe}/StructureDefinition/ihe-intendedRecipient`;
/** Extension of `source` where an organisation is the author of a submission. */
export const authorOrgUrl = `${ihe}/StructureDefinition/ihe-authorOrg`;
/** Code system of what a List is. */
export const listTypes = `${ihe}/CodeSystem/MHDlistTypes`;

type Listed = { index: number; resource: AnyResource };

/** Exactly one submission set, complete; folders are not taken. */
export function submissionSetIssues(lists: readonly Listed[]): Issue[] {
  const codesOf = ({ resource }: Listed): (string | undefined)[] =>
    ((resource['code'] as { coding?: Coding[] } | undefined)?.coding ?? [])
      .filter(({ system }) => system === listTypes)
      .map(({ code }) => code);
  const sets = lists.filter((list) => codesOf(list).includes('submissionset'));
  const others = lists.filter((list) => !sets.includes(list));
  return [
    ...others.map(({ index }) =>
      issue(
        `Bundle.entry[${index}].resource`,
        'PartialFolderContentNotProcessed : seule la liste de l’envoi (submissionset) est reçue, pas de dossier.',
        'not-supported',
      ),
    ),
    ...(sets.length === 1
      ? setIssues(sets[0]!)
      : [
          issue(
            'Bundle.entry',
            `Un envoi porte exactement une liste submissionset ; celui-ci en porte ${sets.length}.`,
            'required',
          ),
        ]),
  ];
}

function setIssues({ index, resource }: Listed): Issue[] {
  const { status, mode, date, extension, identifier } = resource as {
    status?: string;
    mode?: string;
    date?: string;
    extension?: { url?: string; valueIdentifier?: Identifier }[];
    identifier?: Identifier[];
  };
  const source = extension?.find(({ url }) => url === sourceIdUrl)?.valueIdentifier?.value;
  const checks: [wrong: boolean, element: string, message: string][] = [
    [status !== 'current', 'status', 'La liste de l’envoi a le statut « current ».'],
    [mode !== 'working', 'mode', 'La liste de l’envoi a le mode « working ».'],
    [!date, 'date', 'La liste de l’envoi porte sa date.'],
    [!source, 'extension', 'La liste dit quel système envoie (ihe-sourceId).'],
    [
      !identifier?.some(({ value }) => value),
      'identifier',
      'La liste porte son identifiant unique (uniqueId).',
    ],
  ];
  return checks
    .filter(([wrong]) => wrong)
    .map(([, element, message]) => issue(`Bundle.entry[${index}].resource.${element}`, message, 'required'));
}
