/** Which files are golden, and the resources in them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Sample } from './verdict.ts';

/** Folders whose files are wrong on purpose. */
const wrongOnPurpose = new Set(['invalid', 'hostile']);

/** Folders whose files name FR Core profiles that no validator can load here (decision 0024): judged by all else. */
const namesFrenchProfiles = (part: string): boolean => part.startsWith('fr-core-');

/** Golden files under `root`: JSON and NDJSON of `examples/` and `test/fixtures/`. */
export function goldenFiles(root: string): string[] {
  return ['examples', join('test', 'fixtures')]
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(json|ndjson)$/.test(name))
        .filter((name) => !name.split(sep).some((part) => wrongOnPurpose.has(part)))
        .map((name) => join(folder, name)),
    )
    .filter((file) => file.endsWith('.ndjson') || holdsResource(readFileSync(file, 'utf8')))
    .sort();
}

/** Copies each resource of the files into `folder`, one a file: neither validator reads NDJSON alike. */
export function samplesOf(files: readonly string[], folder: string): Sample[] {
  const texts = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (file.split(sep).some(namesFrenchProfiles)) return [{ source: file, text: withoutFrenchClaims(text) }];
    if (!file.endsWith('.ndjson')) return [{ source: file, text }];
    return text
      .split('\n')
      .map((line, index) => ({ source: `${file}:${index + 1}`, text: line }))
      .filter(({ text: line }) => line.trim());
  });
  return texts.map(({ source, text }, index) => {
    const path = join(folder, `${String(index + 1).padStart(5, '0')}.json`);
    writeFileSync(path, text);
    return { path, source };
  });
}

/** A resource without the FR Core profiles that it, or one in it, names with their version. */
function withoutFrenchClaims(text: string): string {
  const isFrench = (url: unknown): boolean => typeof url === 'string' && /^https:\/\/hl7\.fr\/ig\/fhir\/core\/.*\|/.test(url);
  return JSON.stringify(JSON.parse(text), (name, value: unknown) =>
    name === 'profile' && Array.isArray(value) ? value.filter((url) => !isFrench(url)) : value,
  );
} // prettier-ignore

/** Other JSON (configuration, tables) is no golden file; what cannot be parsed is one, and fails. */
function holdsResource(text: string): boolean {
  try {
    const value = JSON.parse(text) as { resourceType?: unknown } | null;
    return typeof value === 'object' && value !== null && 'resourceType' in value;
  } catch {
    return true;
  }
}
