/** What `france:` of the configuration makes of the same networks: categories of TRE_R397, French profiles named. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Organization } from 'fhir/r4.js';
import { compileMapping } from '../../src/mapping/compile.ts';
import type { MappedResource, SourceRecord } from '../../src/mapping/types.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { resolveBundle } from '../../src/mapping/bundle.ts';
import { loadKinds, type Wanted } from '../../src/network/load-kinds.ts';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import { createFhirPath } from '../../src/validation/fhirpath/library.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { goldenDay, records, shippedLibrary, shippedMappings } from './corpus.ts';
import { document } from './inline.ts';

const rewrite = process.env['PASSERELLE_GOLDEN'] === 'write';
const shapes: Record<string, Wanted> = {
  'fr-core-2.1': { frenchProfiles: '2.1' },
  'fr-core-2.2': { frenchProfiles: '2.2' },
  r397: { editions: ['R397'] },
};
const shown = ['cso-minimal', 'cpts-sollies', 'cpts-communaute-inventee', 'ess-equipe-inventee'];
const r66 =
  'https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement';
const french = JSON.parse(readFileSync('mappings/french-profiles.json', 'utf8')) as Record<
  string,
  Record<string, string[]>
>;

let corpus: SourceRecord[];
beforeAll(async () => {
  corpus = await records();
});

async function mapped(wanted: Wanted): Promise<Map<string, readonly MappedResource[]>> {
  const { kinds, issues } = await loadKinds('mappings', wanted);
  expect(issues).toEqual([]);
  return new Map(
    corpus.map((record) => [
      record.id,
      mapRecord(kinds.get(record.kind)!.mapping, record, { at: goldenDay }).resources,
    ]),
  );
}

/** Organisations of the corpus with their references resolved: what the choice concerns. */
async function organizations(wanted: Wanted): Promise<Organization[]> {
  return [...(await mapped(wanted)).values()]
    .flatMap((resources) => resolveBundle(resources).entry.map(({ resource }) => resource))
    .filter(({ resourceType }) => resourceType === 'Organization') as unknown as Organization[];
}

const isClaim = ({ meta }: Organization): boolean => meta!.profile!.length > 1;

describe('the shapes a configuration may choose', () => {
  it('are kept as golden files for a CSO, two CPTS and an ESS', async () => {
    for (const [shape, wanted] of Object.entries(shapes)) {
      const made = await mapped(wanted);
      for (const id of shown) {
        const file = join('test/fixtures/france', shape, `${id}.json`);
        const text = `${JSON.stringify(resolveBundle(made.get(id)!), null, 2)}\n`;
        if (rewrite) mkdirSync(join('test/fixtures/france', shape), { recursive: true });
        if (rewrite) writeFileSync(file, text);
        expect(text).toBe(readFileSync(file, 'utf8'));
      }
    }
  });

  it('name the French profile after ours, with its version, and differ in nothing else', async () => {
    const plain = await mapped({});
    for (const version of Object.keys(french)) {
      const named = await mapped({ frenchProfiles: version });
      const all = Object.values(french[version]!).flat();
      const seen = new Set<string>();
      for (const [id, resources] of named) {
        const without = resources.map(({ body }) => {
          const [ours, ...others] = body.meta!.profile!;
          for (const other of others) seen.add(other);
          expect(others.filter((one) => !all.includes(one))).toEqual([]);
          return { ...body, meta: { ...body.meta, profile: [ours] } };
        });
        expect(without).toEqual(plain.get(id)!.map(({ body }) => body));
      }
      expect([...seen].sort()).toEqual(all.sort());
    }
  });

  it('name FR Core 2.1 on nothing that carries a SIREN or SIRET: its slices share their system', async () => {
    const named = (await organizations({ frenchProfiles: '2.1' })).filter(isClaim);
    expect(named.length).toBeGreaterThan(10);
    expect(
      named.filter((one) => one.identifier?.some(({ system }) => system === 'https://sirene.fr')),
    ).toEqual([]);
  });

  it('give every organisation that names FR Core what both versions demand of its identifiers and types', async () => {
    for (const version of Object.keys(french)) {
      for (const one of (await organizations({ frenchProfiles: version })).filter(isClaim)) {
        for (const { system, value, type, use } of one.identifier!) {
          expect({ system: typeof system, value: typeof value }).toEqual({
            system: 'string',
            value: 'string',
          });
          if (system === 'urn:oid:1.2.250.1.71.4.2.2') {
            expect({ use, code: type?.coding?.[0]?.code }).toEqual({ use: 'official', code: 'IDNST' });
          }
          if (system === 'https://finess.esante.gouv.fr')
            expect(type?.coding?.[0]?.code).toMatch(/^FINE[GJ]$/);
        }
        const systems = one.type!.flatMap(({ coding = [] }) => coding.map(({ system }) => system));
        expect(systems.length).toBe(new Set(systems).size);
      }
    }
  });

  it('satisfy our profiles in every shape; French profiles are accepted only where they were chosen', async () => {
    const strict = await testValidator();
    const definitions = JSON.parse(readFileSync('profiles/schemas.json', 'utf8')) as CompiledDefinitions;
    for (const wanted of Object.values(shapes)) {
      const elsewhere = Object.values(french[wanted.frenchProfiles ?? ''] ?? {}).flat();
      const chosen = createValidator(definitions, createFhirPath(), undefined, elsewhere);
      const bodies = await organizations(wanted);
      expect(
        bodies.flatMap((one) => chosen.validate(one).filter(({ severity }) => severity === 'error')),
      ).toEqual([]);
      if (!elsewhere.length) continue;
      const claim = bodies.find((one) => elsewhere.includes(one.meta?.profile?.[1] ?? ''))!;
      expect(strict.validate(claim).map(({ message }) => message)).toEqual([
        'Profil inconnu de la passerelle : rien ne peut en être vérifié.',
      ]);
    }
  });

  it('write no code of TRE_R66 once TRE_R397 was chosen, and every code TRE_R66 had', async () => {
    const codes = async (wanted: Wanted): Promise<[string, string][]> =>
      (await organizations(wanted))
        .flatMap(({ type = [] }) => type)
        .flatMap(({ coding = [] }) => coding)
        .filter(({ system }) => /TRE-R66|tre-r397/.test(system ?? ''))
        .map(({ system, code }) => [system!, code!]);
    const before = await codes({});
    const after = await codes({ editions: ['R397'] });
    expect(before.length).toBeGreaterThan(20);
    expect(after.filter(([system]) => system === r66)).toEqual([]);
    const left = after.map(([, code]) => code);
    expect(before.map(([, code]) => code).filter((code) => !left.includes(code))).toEqual([]);
  });

  it('are refused where the mapping names a French profile that no version lists', () => {
    const text = JSON.stringify(shippedMappings().get('cpts')!.data).replace(
      '"alsoMeets":"network"',
      '"alsoMeets":"x"',
    );
    const { mapping, issues } = compileMapping(document(text, 'mapping.yaml'), {
      ...shippedLibrary(),
      alsoMeets: french['2.2']!,
    });
    expect(mapping).toBeUndefined();
    expect(issues.map(({ message }) => message)).toEqual([
      'Profil français inconnu ; connus : network, establishment.',
    ]);
  });

  it('are refused where no table has the edition, or no list the version', async () => {
    const editions = await loadKinds('mappings', { editions: ['R67'] });
    expect(editions.kinds.size).toBe(0);
    expect(editions.issues[0]?.message).toContain('connues : R397, R66');
    const versions = await loadKinds('mappings', { frenchProfiles: '1.0' });
    expect(versions.issues.map(({ message }) => message)).toContain(
      'Version de FR Core inconnue : « 1.0 » ; connues : 2.1, 2.2.',
    );
  });
});
