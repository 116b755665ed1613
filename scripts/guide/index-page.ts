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
    ...versions(),
    ...loading(),
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

/** Which editions of other guides ours is written after, and what of them can be chosen. */
function versions(): string[] {
  return [
    '## Versions',
    ...table(
      ['Guide', 'Version', 'Here'],
      [
        ['HL7 FHIR', '4.0.1', 'every definition'],
        [
          'FR Core',
          '2.1.0 and 2.2.0',
          `one shape that meets both; ${code('france: { claim: true, frCore }')} in the configuration also names the French profile (${link('0024', '../decisions/0024-fr-core-versions.md')})`,
        ],
        [
          'Annuaire Santé',
          '1.1 (API v2)',
          'directory copies: organisations, professionals, their places of work',
        ],
        ['IHE mCSD', '4.0.1', 'affiliations without network, facilities and jurisdictions'],
        ['ROR', '0.7', 'offers of care, tags of regions'],
        ['PDSm', '3.1.1', 'types, classes and confidentiality of documents'],
        [
          'Terminologies of the ANS',
          '1.12.0',
          `extracts; categories of structures in TRE_R66, or TRE_R397 with ${code('france: { categories: R397 }')} (${link('0025', '../decisions/0025-categories.md')})`,
        ],
      ],
    ),
    '',
  ];
}

/** How others use the definitions. */
function loading(): string[] {
  return [
    '## Loading it into a validator',
    '',
    `HL7's validator takes the folder as it is: ${code('java -jar validator_cli.jar RESOURCE.json -version 4.0.1 -ig profiles/generated')}.`,
    "Without a terminology server it refuses codes of extracts: they are fragments of lists it cannot look up. HAPI's validator takes",
    `the same files through a ${code('PrePopulatedValidationSupport')}; a HAPI server, by ${code('PUT [base]/StructureDefinition/[id]')} and so on.`,
    `Both are run by ${code('npm run validate:golden')}, offline, over every golden file but those that name FR Core, whose package they lack.`,
    `Inside Passerelle nothing needs loading: ${code('passerelle validate RESOURCE.json')}.`,
    '',
  ];
}
