import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtractSource } from '../../../src/directory/extract/source.ts';
import { resourceOf } from '../../../src/directory/resource.ts';
import type { ReadRecord } from '../../../src/directory/types.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';
import type { Validator } from '../../../src/validation/validator.ts';
import { readAll } from '../../contracts/directory-source.ts';
import { testValidator } from '../../validator.ts';
import { heldRow } from '../as-row.ts';
import { type Cells, lineOf, rpps, writeExtract } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'extract-'));
let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function recordsOf(lines: readonly string[]): Promise<ReadRecord[]> {
  const files = [writeExtract(folder, lines)];
  const source = createExtractSource({ id: 'rpps', files, now: () => Date.parse('2026-11-28') });
  return (await readAll(source)).pages.flatMap(({ records }) => records);
}

async function resourcesOf(lines: readonly string[]): Promise<Record<string, AnyResource>> {
  const records = await recordsOf(lines);
  return Object.fromEntries(records.map((record) => [record.kind, resourceOf(heldRow(record))]));
}

const practice: Cells = {
  'Numéro FINESS site': '',
  'Numéro SIRET site': '',
  'Identifiant technique de la structure': 'R10000000012',
  'Raison sociale site': '',
  'Code profession': '93',
  'Libellé profession': 'Psychologue',
  'Code type savoir-faire': '',
  'Code savoir-faire': '',
  'Libellé savoir-faire': '',
  'Adresse e-mail (coord. structure)': 'cabinet@essai.example',
};

describe('a record of the flat extract as a resource', () => {
  it('is the professional, the activity and the site of its line', async () => {
    const { PractitionerRole, Practitioner, Organization } = await resourcesOf([
      lineOf(1, 2, { 'Numéro FINESS établissement juridique': '990000010' }),
    ]);
    expect(Practitioner).toMatchObject({
      identifier: [
        { system: 'urn:oid:1.2.250.1.71.4.2.1', value: `8${rpps(1)}` },
        { system: 'https://rpps.esante.gouv.fr', value: rpps(1) },
      ],
      name: [{ family: 'ESSAI1', given: ['Zoé'], prefix: ['MME'], suffix: ['DR'] }],
      qualification: [{ code: { coding: [{ code: '10' }] } }, { code: { coding: [{ code: 'SM54' }] } }],
    });
    expect(PractitionerRole).toMatchObject({
      practitioner: { reference: `Practitioner?identifier=urn%3Aoid%3A1.2.250.1.71.4.2.1|8${rpps(1)}` },
      organization: { reference: expect.stringMatching(/^Organization\?identifier=.*\|199/) },
      specialty: [{ coding: [{ code: 'SM54' }], text: 'Médecine générale' }],
      telecom: [{ system: 'phone', value: '+33199000000' }],
    });
    expect(Organization).toMatchObject({
      name: 'CENTRE ESSAI 2',
      partOf: { reference: 'Organization?identifier=urn%3Aoid%3A1.2.250.1.71.4.2.2|1990000010' },
      address: [{ line: ['3 Rue DES TESTS'], city: 'Essaiville', postalCode: '99001' }],
    });
  });

  it.each<[string, Cells]>([
    ['a physician in an establishment', {}],
    ['a psychologist in a practice without a number', practice],
    ['a practice known by its SIRET', { 'Numéro FINESS site': '', 'Numéro SIRET site': '99999001300017' }],
    ['an activity without a structure', { ...practice, 'Identifiant technique de la structure': '' }],
    ['a FINESS number that is none', { 'Numéro FINESS site': '10999900003' }],
  ])('is valid against our profiles: %s (P-46)', async (_, cells) => {
    for (const record of await recordsOf([lineOf(1, 2, cells)])) {
      const resource = resourceOf(heldRow(record));
      const issues = validator.validate(resource).filter(({ severity }) => severity !== 'information');
      expect({ kind: record.kind, issues }).toEqual({ kind: record.kind, issues: [] });
    }
  });
});
