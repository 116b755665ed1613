/** The code tables of the mappings and the code systems of the guide are written apart: here they meet. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { canonicalBase, managedByTag } from '../../src/fhir/names.ts';
import { codeSystems, valueSets } from './guide.ts';

type Entry = { system?: string; code?: string };
type Edition = { system: string; codes: Record<string, Entry | Entry[]> };
type Table = Edition & { editions?: Record<string, Edition> };

const folder = join(import.meta.dirname, '../../mappings/codes');
const known = new Map(
  codeSystems.map(({ url, concept }) => [url, new Set(concept?.map(({ code }) => code))]),
);

/** Everything a table can write, in each of its editions; what is told in words alone has no code. */
const written = readdirSync(folder).flatMap((file) => {
  const { editions = {}, ...table } = parse(readFileSync(join(folder, file), 'utf8')) as Table;
  return [table, ...Object.values(editions)].flatMap(({ system, codes }) =>
    Object.entries(codes).flatMap(([word, entry]) =>
      [entry]
        .flat()
        .flatMap(({ system: own, code }) =>
          code === undefined
            ? []
            : [{ file, word, system: (own ?? system).replace('{$base}', canonicalBase), code }],
        ),
    ),
  );
});

/** `system|code` of every value set, whole systems spelled out. */
const inValueSets = new Set(
  valueSets.flatMap(({ compose }) =>
    compose!.include.flatMap(({ system, concept }) =>
      (concept ? concept.map(({ code }) => code) : [...(known.get(system) ?? [])]).map(
        (code) => `${system}|${code}`,
      ),
    ),
  ),
);

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

  it('write codes that some value set of the guide holds', () => {
    const ofOurs = written.filter(({ system }) => known.has(system));
    expect(ofOurs.filter(({ system, code }) => !inValueSets.has(`${system}|${code}`))).toEqual([]);
  });

  it('give R397 the very codes that R66 has, as the successor keeps them', () => {
    const coded = (pattern: RegExp): string[] =>
      written.filter(({ system }) => pattern.test(system)).map(({ word, code }) => `${word} ${code}`);
    const successors = coded(/tre-r397/);
    expect(coded(/TRE-R66/).filter((one) => !successors.includes(one))).toEqual([]);
  });
});

describe('code systems of ours', () => {
  it('hold no code that nothing can write or bind', () => {
    const own = codeSystems.filter(
      ({ url }) => url!.startsWith(canonicalBase) && !url!.includes('/network-words-'), // made of the tables
    );
    const words = new Set([...written, managedByTag].map(({ system, code }) => `${system}|${code}`));
    const idle = own.flatMap(({ url, concept = [] }) =>
      concept.map(({ code }) => `${url}|${code}`).filter((one) => !words.has(one) && !inValueSets.has(one)),
    );
    expect(idle).toEqual([]);
  });
});
