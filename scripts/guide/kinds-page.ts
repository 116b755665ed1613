/** Which resources each kind of network becomes: one row a rule of its mapping. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Links } from './links.ts';
import { code, page, table, text } from './markdown.ts';
import { type GuideResource, root } from './resources.ts';

type Rule = {
  type: string;
  class: string;
  forEach?: string;
  key: string | { system: string; value: string };
  profile: string;
};
type Mapping = { kind?: string; include?: string[]; resources?: Record<string, Rule> };
type Schema = { title?: string; description?: string };

const folder = join(root, 'mappings');

export function kindsPage(guide: readonly GuideResource[], links: Links): string {
  const kinds = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isKind(entry.name))
    .map(({ name }) => name)
    .sort();
  const urls = new Map(guide.map(({ id, url }) => [id, url]));
  return page('Networks as FHIR', [
    'What each kind of network file becomes. The key stands in the first `identifier`; `{…}` is a field of the file.',
    ...kinds.flatMap((kind) => kindLines(kind, (id) => links.to(urls.get(id) ?? id))),
  ]);
}

function isKind(name: string): boolean {
  return readdirSync(join(folder, name)).includes('mapping.yaml');
}

function kindLines(kind: string, profile: (id: string) => string): string[] {
  const mapping = readMapping(join(kind, 'mapping.yaml'));
  const schema = JSON.parse(readFileSync(join(folder, kind, 'schema.json'), 'utf8')) as Schema;
  const shared = (mapping.include ?? []).map(readMapping);
  const rules = [mapping, ...shared].flatMap(({ resources = {} }) => Object.entries(resources));
  return [
    '',
    `## ${text(schema.title ?? kind)}`,
    '',
    `${code(`kind: ${kind}`)}. ${text(schema.description)}`.trim(),
    ...table(
      ['Rule', 'Resource', 'For each', 'Key', 'Profile', 'Owned'],
      rules.map(([name, rule]) => [
        code(name),
        text(rule.type),
        rule.forEach ? code(rule.forEach) : '',
        keyText(rule.key),
        profile(rule.profile),
        rule.class === 'owned' ? 'yes' : 'directory copy',
      ]),
    ),
  ];
}

function keyText(key: Rule['key']): string {
  return typeof key === 'string' ? code(key) : `${code(key.value)} in ${code(key.system)}`;
}

function readMapping(name: string): Mapping {
  return parse(readFileSync(join(folder, name), 'utf8')) as Mapping;
}
