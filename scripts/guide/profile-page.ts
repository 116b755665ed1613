/** One page a profile, and one for all extensions. */
import { constraintTable, elementTable, extensionTable } from './elements.ts';
import type { Links } from './links.ts';
import { code, link, page, text } from './markdown.ts';
import { exampleOf, type GuideResource, isExtension } from './resources.ts';

export function profilePage(profile: GuideResource, links: Links): string {
  const example = exampleOf(profile);
  const constraints = constraintTable(profile);
  return page(profile.title ?? profile.name, [
    `${code(profile.url)}, a profile of ${code(profile.type ?? '')}.`,
    '',
    text(profile.description),
    '',
    ...(example ? [`Example: ${link(example.split('/').at(-1)!, `../../${example}`)}`] : []),
    '',
    '## Elements',
    '',
    'Only what the profile asks beyond R4; every other element is as R4 has it.',
    ...elementTable(profile, links),
    ...(constraints.length ? ['', '## Rules', ...constraints] : []),
    '',
    link('All pages of the guide', 'index.md'),
  ]);
}

export function extensionsPage(guide: readonly GuideResource[], links: Links): string {
  const extensions = guide.filter(isExtension);
  return page('Extensions', [
    ...extensions.flatMap((extension) => [
      `## ${links.heading(extension)}`,
      '',
      `${code(extension.url)}, on ${(extension.context ?? []).map(({ expression }) => code(expression)).join(', ')}`,
      '',
      text(extension.description),
      ...extensionTable(extension, links),
      '',
    ]),
  ]);
}
