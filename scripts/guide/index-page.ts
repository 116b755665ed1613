/** Where the guide begins. */
import type { Links } from './links.ts';
import { code, link, page, table, text } from './markdown.ts';
import { exampleOf, type GuideResource, isExtension, isProfile } from './resources.ts';

export function indexPage(guide: readonly GuideResource[], links: Links): string {
  const count = (type: string): number => guide.filter(({ resourceType }) => resourceType === type).length;
  const profiles = guide.filter(isProfile);
  const lists: [string, string, number][] = [
    ['Extensions', 'extensions.md', guide.filter(isExtension).length],
    ['Code systems', 'code-systems.md', count('CodeSystem')],
    ['Value sets', 'value-sets.md', count('ValueSet')],
    ['Concept maps', 'concept-maps.md', count('ConceptMap')],
    ['Search parameters', 'search-parameters.md', count('SearchParameter')],
    ['Capability statements', 'capability-statements.md', count('CapabilityStatement')],
  ];
  return page('Implementation guide', [
    'What Passerelle writes to hospital servers and takes from them, in FHIR R4 (4.0.1). Canonical base:',
    `${code('https://passerelle.example/fhir')}. The definitions travel with the package in ${code('profiles/generated')};`,
    `each profile says in its description which French or IHE profile it is written after, and why none of them is its`,
    `parent: ${link('decision 0006', '../decisions/0006-profiles.md')}.`,
    '',
    `Begin with ${link('Networks as FHIR', 'kinds.md')}: which resources a network file becomes.`,
    '',
    '## Profiles',
    ...table(
      ['Profile', 'Of', 'For', 'Example'],
      profiles.map((profile) => {
        const example = exampleOf(profile);
        return [
          link(profile.title ?? profile.name, links.place(profile)),
          code(profile.type ?? ''),
          text(profile.description?.split('. ')[0]),
          example ? link('JSON', `../../${example}`) : '',
        ];
      }),
    ),
    '',
    '## Lists',
    '',
    ...lists
      .filter(([, , many]) => many > 0)
      .map(([title, file, many]) => `- ${link(title, file)} (${many})`),
  ]);
}
