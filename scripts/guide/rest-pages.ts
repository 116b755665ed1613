/** Search parameters, and what servers say or are asked to be able to do. */
import type { Links } from './links.ts';
import { code, page, table, text } from './markdown.ts';
import type { CapabilityResource, GuideResource } from './resources.ts';

export function searchParametersPage(guide: readonly GuideResource[], links: Links): string {
  return page(
    'Search parameters',
    guide
      .filter(({ resourceType }) => resourceType === 'SearchParameter')
      .flatMap((parameter) => [
        `## ${links.heading(parameter)}`,
        '',
        code(parameter.url),
        '',
        text(parameter.description),
        ...table(
          ['Name', 'On', 'Type', 'Expression'],
          [
            [
              code(parameter.code ?? ''),
              (parameter.base ?? []).map(code).join(', '),
              text(parameter.type),
              code(parameter.expression ?? ''),
            ],
          ],
        ),
        '',
      ]),
  );
}

export function capabilityPage(guide: readonly GuideResource[], links: Links): string {
  return page(
    'Capability statements',
    guide
      .filter(({ resourceType }) => resourceType === 'CapabilityStatement')
      .flatMap((statement) => [
        `## ${links.heading(statement)}`,
        '',
        code(statement.url),
        '',
        text(statement.description),
        ...(statement.rest ?? []).flatMap(({ mode, documentation, resource = [] }) => [
          '',
          [`As a ${mode}.`, text(documentation)].join(' ').trim(),
          ...resourceTable(resource, links),
        ]),
        '',
      ]),
  );
}

function resourceTable(resources: readonly CapabilityResource[], links: Links): string[] {
  return table(
    ['Type', 'Profiles', 'Interactions', 'Search', 'Operations'],
    resources.map(({ type, profile, supportedProfile = [], interaction, searchParam, operation }) => [
      code(type),
      [...(profile ? [profile] : []), ...supportedProfile].map((url) => links.to(url)).join(', '),
      (interaction ?? []).map((one) => text(one.code)).join(', '),
      (searchParam ?? []).map(({ name }) => code(name)).join(' '),
      (operation ?? []).map(({ name }) => code(`$${name}`)).join(' '),
    ]),
  );
}
