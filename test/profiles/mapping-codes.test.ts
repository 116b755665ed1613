/** The code tables of the mappings and the code systems of the guide are written apart: here they meet. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { canonicalBase } from '../../src/fhir/names.ts';
import { codeSystems } from './guide.ts';

type Table = { system: string; codes: Record<string, { system?: string; code?: string }> };

const folder = join(import.meta.dirname, '../../mappings/codes');
const known = new Map(
  codeSystems.map(({ url, concept }) => [url, new Set(concept?.map(({ code }) => code))]),
);

const written = readdirSync(folder).flatMap((file) => {
  const { system, codes } = parse(readFileSync(join(folder, file), 'utf8')) as Table;
  return Object.entries(codes).flatMap(([word, entry]) =>
    entry.code === undefined
      ? [] // told in words alone
      : [
          {
            file,
            word,
            system: (entry.system ?? system).replace('{$base}', canonicalBase),
            code: entry.code,
          },
        ],
  );
});

describe('code tables of the mappings', () => {
  it('write codes that exist in the code systems we ship', () => {
    const ofOurs = written.filter(({ system }) => known.has(system));
    expect(ofOurs.length).toBeGreaterThan(80);
    expect(ofOurs.filter(({ system, code }) => !known.get(system)?.has(code))).toEqual([]);
  });

  it('name no system of ours or of France that we do not ship', () => {
    const elsewhere = written.map(({ system }) => system).filter((system) => !known.has(system));
    expect(elsewhere.filter((system) => /passerelle|esante|hl7\.fr/.test(system))).toEqual([]);
  });
});
