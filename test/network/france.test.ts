/** The choice of `france:` reaches what network files become, through the very path that publication takes. */
import { describe, expect, it } from '@jest/globals';
import type { FranceConfig } from '../../src/config.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { readNetworkFiles } from '../../src/gateway/networks.ts';

const knowledge = createKnowledge(shippedFolders(new URL('../../src/main.ts', import.meta.url).href));
const file = 'test/fixtures/mapping/records/cso-minimal.yaml';
const usual: FranceConfig = { categories: 'R66', frCore: '2.2', claim: false };

async function profilesWritten(choice: FranceConfig): Promise<string[]> {
  const [read] = await readNetworkFiles([file], knowledge.inFrance(choice), {
    at: '2026-11-22',
    explain: false,
  });
  expect(read!.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...read!.resources].flatMap(({ body }) => body.meta!.profile!);
}

describe('knowledge with the choices of a configuration', () => {
  it('names no French profile unless that was chosen, then those of the version chosen', async () => {
    const french = (all: string[]): string[] =>
      [...new Set(all.filter((one) => one.includes('hl7.fr')))].sort();
    const base = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-organization';
    expect(french(await profilesWritten(usual))).toEqual([]);
    expect(french(await profilesWritten({ ...usual, claim: true }))).toEqual([
      `${base}-etablissement|2.2.0`,
      `${base}|2.2.0`,
    ]);
    expect(french(await profilesWritten({ ...usual, frCore: '2.1', claim: true }))).toEqual([
      `${base}|2.1.0`,
    ]);
  });

  it('is made once for each choice, and another choice makes every network to be mapped anew', async () => {
    expect(knowledge.inFrance({ ...usual })).toBe(knowledge.inFrance({ ...usual }));
    const prints = await Promise.all(
      [usual, { ...usual, claim: true }, { ...usual, categories: 'R397' as const }].map((choice) =>
        knowledge.inFrance(choice).fingerprint(),
      ),
    );
    expect(new Set(prints).size).toBe(3);
  });
});
