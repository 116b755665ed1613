/** Code systems with their French words, value sets, and how words of network files become codes. */
import type { Links } from './links.ts';
import { code, page, table, text } from './markdown.ts';
import type { Concept, GuideResource } from './resources.ts';

const ofType = (guide: readonly GuideResource[], type: string): GuideResource[] =>
  guide.filter(({ resourceType }) => resourceType === type);

/** Codes under their owner's URL are an extract, with our words for them: the owner's display is not repeated. */
const contents: Record<string, string> = {
  fragment: 'An extract of a list somebody else keeps: the codes used here.',
  complete: 'A list of ours, complete.',
};

export function codeSystemsPage(guide: readonly GuideResource[], links: Links): string {
  return page(
    'Code systems',
    ofType(guide, 'CodeSystem').flatMap((system) => [
      `## ${links.heading(system)}`,
      '',
      code(system.url),
      '',
      [text(system.description), contents[system.content ?? ''] ?? ''].join(' ').trim(),
      ...conceptTable(system.concept ?? []),
      '',
    ]),
  );
}

function conceptTable(concepts: readonly Concept[]): string[] {
  return table(
    ['Code', 'Meaning'],
    concepts.map((concept) => [code(concept.code), text(concept.display ?? concept.definition)]),
  );
}

export function valueSetsPage(guide: readonly GuideResource[], links: Links): string {
  return page(
    'Value sets',
    ofType(guide, 'ValueSet').flatMap((set) => [
      `## ${links.heading(set)}`,
      '',
      code(set.url),
      '',
      text(set.description),
      ...table(
        ['From', 'Codes'],
        (set.compose?.include ?? []).map(({ system, concept, valueSet = [] }) => [
          [...(system ? [links.to(system)] : []), ...valueSet.map((url) => links.to(url))].join(', '),
          concept ? concept.map((one) => code(one.code)).join(' ') : 'all of them',
        ]),
      ),
      '',
    ]),
  );
}

export function conceptMapsPage(guide: readonly GuideResource[], links: Links): string {
  return page(
    'Concept maps',
    ofType(guide, 'ConceptMap').flatMap((map) => [
      `## ${links.heading(map)}`,
      '',
      code(map.url),
      '',
      text(map.description),
      ...(map.group ?? []).flatMap(({ source, target, element }) => [
        '',
        `From ${source ? links.to(source) : 'words of network files'} to ${target ? links.to(target) : 'nothing'}:`,
        ...table(
          ['Word', 'Code', 'Equivalence'],
          element.map((one) => [
            code(one.code),
            (one.target ?? []).map((to) => (to.code ? code(to.code) : '')).join(' '),
            (one.target ?? []).map(({ equivalence }) => equivalence).join(' ') || 'unmatched',
          ]),
        ),
      ]),
      '',
    ]),
  );
}
