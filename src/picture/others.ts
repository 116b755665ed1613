/** Stages the network went through, and whatever else it publishes, each by its title: nothing is left out. */
import type { DocumentReference, Organization, Period } from '../fhir/types.ts';
import { dateText, factsOf, periodText } from './concepts.ts';
import { stepUrls } from './protocols.ts';
import type { Shown } from './shown.ts';
import type { Section } from './types.ts';

/** French headings by type; a type without one comes under the last. */
const headings: Readonly<Record<string, string>> = {
  PlanDefinition: 'Protocoles',
  ActivityDefinition: 'Actions',
  Measure: 'Indicateurs',
  DocumentReference: 'Documents',
  Questionnaire: 'Questionnaires',
};
const otherHeading = 'Autres éléments';

/** Types that other parts of the picture draw. */
const drawn: ReadonlySet<string> = new Set(
  'Organization OrganizationAffiliation HealthcareService Location CareTeam Practitioner PractitionerRole'.split(
    ' ',
  ),
);

/** The stages of constitution that were reached, earliest first. */
export function stageSections(shown: Shown, network: Organization): Section[] {
  const items = factsOf(network.extension)
    .filter(({ date }) => date && date.slice(0, 10) <= shown.at.slice(0, date.length))
    .sort((a, b) => (a.date! < b.date! ? -1 : a.date! > b.date! ? 1 : 0))
    .map(({ text, date, evidence }) => {
      const proof = shown.find<DocumentReference>(evidence)?.content[0]?.attachment.title;
      const lines = [dateText(date!), ...(proof === undefined ? [] : [`Pièce : ${proof}`])];
      return { title: text, lines, children: [], linked: true };
    });
  return items.length ? [{ heading: 'Étapes de constitution', note: [], style: 'stages', items }] : [];
}

type Titled = Partial<Record<'title' | 'name' | 'description' | 'url' | 'date', unknown>> & {
  action?: unknown[];
  timingPeriod?: Period;
  content?: { attachment?: { title?: string; creation?: string } }[];
  type?: { text?: string };
};

/** Everything that no other part of the picture draws. */
export function otherSections(shown: Shown): Section[] {
  const steps = stepUrls(shown);
  const sections = new Map<string, Section>();
  for (const type of shown.types.filter((one) => !drawn.has(one))) {
    const left = shown
      .all<Titled>(type)
      .filter(({ action, url }) => !action?.length && !(typeof url === 'string' && steps.has(url)));
    if (!left.length) continue;
    const heading = headings[type] ?? otherHeading;
    const section = sections.get(heading) ?? { heading, note: [], style: 'list' as const, items: [] };
    for (const { title, name, description, type: kind, content, ...one } of left) {
      const file = content?.[0]?.attachment;
      const date = one.date ?? file?.creation;
      const found = [title, name, file?.title, description, kind?.text].filter(
        (text) => typeof text === 'string',
      );
      const when = typeof date === 'string' ? dateText(date) : periodText(one.timingPeriod);
      section.items.push({
        title: found[0] ?? 'Sans titre',
        lines: [...found.slice(1, 2), ...(when === undefined ? [] : [when])],
        children: [],
      });
    }
    sections.set(heading, section);
  }
  return [...sections.values()];
}
