/** A small mapping and record written in a test. */
import { compileMapping, type Mapping } from '../../src/mapping/compile.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { readYaml } from '../../src/mapping/read-yaml.ts';
import type { MapOptions, SourceDocument, SourceRecord } from '../../src/mapping/types.ts';

export function document(text: string, file: string): SourceDocument {
  const { document: read, issues } = readYaml(text, file);
  if (!read) throw new Error(JSON.stringify(issues));
  return read;
}

export function record(text: string): SourceRecord {
  return { ...document(text, 'record.yaml'), kind: 'test', id: 'test', name: 'Test' };
}

const colours = document(
  `table: colour
system: 'urn:colours'
codes:
  red: { code: r }
  blue: [{ code: b }, { system: 'urn:others', code: bb }]
  grey: { text: Gris }`,
  'colour.yaml',
);

export function mapping(text: string): Mapping {
  const { mapping: compiled, issues } = compileMapping(document(text, 'mapping.yaml'), {
    codes: [colours],
    parts: [],
  });
  if (!compiled) throw new Error(JSON.stringify(issues));
  return compiled;
}

/** A mapping of one Organization with the elements given (YAML, indented by six). */
export function elements(text: string): Mapping {
  return mapping(`kind: test
resources:
  network:
    type: Organization
    class: owned
    key: '{id}'
    profile: pas-network-organization
    elements:
${text}`);
}

/** The elements an inline mapping writes, without what the engine adds. */
export function written(
  compiled: Mapping,
  source: string,
  options: Partial<MapOptions> = {},
): Record<string, unknown> {
  const { resources } = mapRecord(compiled, record(source), { at: '2026-11-22', ...options });
  const own = Object.entries(resources[0]?.body ?? {});
  return Object.fromEntries(own.filter(([name]) => !['resourceType', 'meta', 'identifier'].includes(name)));
}
