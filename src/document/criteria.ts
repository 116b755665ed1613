/** Criteria that a team declared, answered one by one in the opinion that it gives (docs/decisions/0077). Pure. */
import { canonicalBase } from '../fhir/names.ts';
import type { Composition, Extension } from '../fhir/types.ts';
import type { CriterionContent } from './content.ts';
import { profileUrl } from './rules.ts';

/** Codes of `criterion-outcome`, as content files write them. */
export const outcomes = ['oui', 'non', 'sans-objet'] as const;
export type Outcome = (typeof outcomes)[number];

/** A criterion as the network publishes it (pas-team-criterion); without a code nobody has to answer it. */
export type Criterion = { code: string; text: string; nature: string };
/** What a document says of one. */
export type Assessment = { criterion: string; outcome: string; reason?: string };

const extensionUrl = profileUrl('pas-criterion-assessment');
const outcomeSystem = `${canonicalBase}/CodeSystem/criterion-outcome`;
const words: Record<Outcome, string> = { oui: 'oui', non: 'non', 'sans-objet': 'sans objet' };

/** A line of the section that people read. */
export function criterionLine({ texte, reponse, motif }: CriterionContent): string {
  return `${texte} : ${words[reponse]}${motif === undefined ? '' : ` (${motif})`}`;
}

/** Extensions of that section, which programs read. */
export function assessments(content: readonly CriterionContent[] = []): object[] {
  return content.map(({ critere, reponse, motif }) => ({
    url: extensionUrl,
    extension: [
      { url: 'criterion', valueCode: critere },
      { url: 'outcome', valueCodeableConcept: { coding: [{ system: outcomeSystem, code: reponse }] } },
      ...(motif === undefined ? [] : [{ url: 'reason', valueString: motif }]),
    ],
  }));
}

/** What the sections of a Composition answer. */
export function assessmentsOf({ section = [] }: Composition): Assessment[] {
  return section
    .flatMap(({ extension = [] }) => extension)
    .filter(({ url }) => url === extensionUrl)
    .map(({ extension = [] }) => {
      const part = (name: string): Extension | undefined => extension.find(({ url }) => url === name);
      const outcome = part('outcome')?.valueCodeableConcept?.coding ?? [];
      const reason = part('reason')?.valueString;
      return {
        criterion: part('criterion')?.valueCode ?? '',
        outcome: outcome.find(({ system }) => system === outcomeSystem)?.code ?? '',
        ...(reason === undefined ? {} : { reason }),
      };
    });
}

/** What is wrong with the answers, a line a criterion, in French; the last of several answers to one counts. */
export function criteriaFaults(declared: readonly Criterion[], answers: readonly Assessment[]): string[] {
  const told = new Map(answers.map((one) => [one.criterion, one]));
  return declared.flatMap(({ code, text, nature }) => {
    const answer = told.get(code);
    if (!answer) return [`« ${text} » (${code}) n’est pas examiné`];
    const conforms = answer.outcome !== (nature === 'exclusion' ? 'oui' : 'non');
    return conforms || answer.reason
      ? []
      : [`« ${text} » (${code}) : dites pourquoi le dossier est présenté quand même`];
  });
}
