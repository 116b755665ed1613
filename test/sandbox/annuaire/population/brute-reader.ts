/** A reader without any cleverness: reads the whole API every day and remembers everything it ever saw. */
import { createHash } from 'node:crypto';
import type { AnyResource, Identifier } from '../../../../src/fhir/types.ts';
import { type Population, servedTypes } from '../../../../src/sandbox/annuaire/population/types.ts';

export type Remembered = { state: string; digest: string };

const keySystems: Record<string, string> = {
  Practitioner: 'urn:oid:1.2.250.1.71.4.2.1',
  PractitionerRole: 'https://rpps.esante.gouv.fr',
  Organization: 'urn:oid:1.2.250.1.71.4.2.2',
  HealthcareService: 'https://arhgos.ars.sante.fr',
  Device: 'https://arhgos.ars.sante.fr',
};

export function createBruteReader() {
  const memory = new Map<string, { resource: AnyResource; missed: number }>();
  return {
    /** One day's reading; a complete one proves absences. */
    read(population: Population, complete: boolean): void {
      const seen = new Set<string>();
      for (const type of servedTypes) {
        for (const entry of population.entries(type, {}, -1, Infinity)) {
          const resource = JSON.parse(JSON.stringify(entry.resource())) as AnyResource;
          const identifiers = resource['identifier'] as Identifier[];
          const key = identifiers.find(({ system }) => system === keySystems[type])!.value!;
          const slot = `${type} ${keySystems[type]}|${key}`;
          if (seen.has(slot)) throw new Error(`two records of one key: ${slot}`);
          seen.add(slot);
          memory.set(slot, { resource, missed: 0 });
        }
      }
      for (const [slot, known] of memory) if (!seen.has(slot)) known.missed += complete ? 1 : 0.001;
    },
    known(): Map<string, Remembered> {
      return new Map(
        [...memory].map(([slot, { resource, missed }]) => {
          const closed = resource['active'] === false || resource['status'] === 'inactive';
          const gone = missed >= 2 ? 'gone-certain' : missed > 0 ? 'gone-unproven' : 'active';
          return [slot, { state: closed ? 'closed' : gone, digest: digestOf(resource) }];
        }),
      );
    },
  };
}

function digestOf(resource: AnyResource): string {
  const copy = structuredClone(resource);
  delete copy.meta!.versionId;
  delete copy.meta!.lastUpdated;
  return createHash('sha256').update(sorted(copy)).digest('hex');
}

/** Canonical JSON, written apart from the library that the ideal reader uses. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  const object = value as Record<string, unknown>;
  return `{${names.map((name) => `${JSON.stringify(name)}:${sorted(object[name])}`).join(',')}}`;
}
