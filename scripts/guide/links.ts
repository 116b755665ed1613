/** Where on the pages a canonical is explained. Pages lie side by side in one folder. */
import { anchor, code, link } from './markdown.ts';
import { type GuideResource, isExtension, isProfile } from './resources.ts';

export type Links = {
  /** A link to what a canonical names, else its last part as it stands. */
  to(url: string): string;
  /** Headings on the pages of lists. */
  heading(resource: GuideResource): string;
  /** The file a resource is explained in, with its anchor. */
  place(resource: GuideResource): string;
};

const pages: Record<string, string> = {
  CodeSystem: 'code-systems.md',
  ValueSet: 'value-sets.md',
  ConceptMap: 'concept-maps.md',
  SearchParameter: 'search-parameters.md',
  CapabilityStatement: 'capability-statements.md',
};

export function createLinks(guide: readonly GuideResource[]): Links {
  const byUrl = new Map(guide.map((resource) => [resource.url, resource]));
  const heading = ({ id, title, name }: GuideResource): string => `${title ?? name} (${id})`;
  const place = (resource: GuideResource): string => {
    if (isProfile(resource)) return `${resource.id}.md`;
    const file = isExtension(resource) ? 'extensions.md' : (pages[resource.resourceType] ?? 'index.md');
    return `${file}#${anchor(heading(resource))}`;
  };
  return {
    heading,
    place,
    to(url) {
      const [canonical = url] = url.split('|');
      const found = byUrl.get(canonical);
      return found
        ? link(found.title ?? found.name, place(found))
        : code(canonical.split('/').at(-1) ?? canonical);
    },
  };
}
