/** Disciplines told of participants, held against what the directory says of them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { CodeableConcept, Encounter } from '../../src/fhir/types.ts';
import { type DisciplineRules, verdictOn } from '../../src/referral/discipline.ts';
import { judgeSeats } from '../../src/referral/seats.ts';

const rules = parse(readFileSync('mappings/exchange/disciplines.yaml', 'utf8')) as DisciplineRules;
const nos = (name: string): string => `https://mos.esante.gouv.fr/NOS/TRE_${name}/FHIR/TRE-${name}`;
const [professions, titles, specialities] = [
  nos('G15-ProfessionSante'),
  nos('R95-UsagerTitre'),
  nos('R38-SpecialiteOrdinale'),
];
const concept = (system: string, code: string, text?: string): CodeableConcept => ({
  ...{ coding: [{ system, code }] },
  ...(text ? { text } : {}),
});
const physician = concept(professions, '10', 'Médecin');
const nurse = concept(professions, '60', 'Infirmier');
const surgery = concept(specialities, 'SM14');
const psychologist = concept(titles, '93');

describe('a discipline and the directory', () => {
  it.each([
    ['the very speciality', surgery, [physician, concept(specialities, 'SM14')], 'confirmed'],
    [
      'the speciality under its new address',
      surgery,
      [concept('https://smt.esante.gouv.fr/fhir/CodeSystem/TRE-R38-SpecialiteOrdinale', 'SM14')],
      'confirmed',
    ],
    ['one of several', surgery, [concept(specialities, 'SM54'), concept(specialities, 'SM14')], 'confirmed'],
    ['another speciality', surgery, [physician, concept(specialities, 'SM54')], 'contradicted'],
    ['a profession that has no specialities', surgery, [nurse], 'contradicted'],
    ['a physician without speciality', surgery, [physician], 'unsure'],
    ['another profession for a title', psychologist, [physician], 'contradicted'],
    ['the title', psychologist, [concept(titles, '93')], 'confirmed'],
    ['lists that nobody compares', surgery, [concept(nos('R23-ModeExercice'), 'L')], 'unsure'],
    [
      'a seat by its text alone',
      concept(nos('R85-RolePriseCharge'), '353', 'Pneumologie'),
      [nurse],
      'unsure',
    ],
    ['nothing', surgery, [], 'unsure'],
  ])('%s: %#', (_what, told, held, verdict) => {
    expect(verdictOn(told, held, rules)).toBe(verdict);
  });

  it('never contradicts what the directory has as well, whatever else it has', () => {
    const systems = rules.lists.flatMap((list) => list.systems);
    const one = fc.record({
      system: fc.constantFrom(...systems),
      code: fc.constantFrom('10', '60', '93', 'SM14', 'SM54'),
    });
    fc.assert(
      fc.property(one, fc.array(one), (told, others) => {
        const held = [...others, told].map((coding) => ({ coding: [coding] }));
        expect(verdictOn({ coding: [told] }, held, rules)).toBe('confirmed');
      }),
    );
  });
});

describe('seats of a meeting', () => {
  it('are counted without what the directory contradicts, naming each by its path and what the directory has', () => {
    const rpps = (value: string) => ({ system: 'https://rpps.esante.gouv.fr', value });
    const seat = (value: string, ...type: CodeableConcept[]) => ({
      individual: { identifier: rpps(value) },
      type,
    });
    const encounter = {
      participant: [seat('1', surgery, nurse), seat('2', psychologist), seat('3', surgery), seat('4')],
    } as unknown as Encounter;
    const held = new Map([
      ['https://rpps.esante.gouv.fr|1', [nurse, concept(nos('R23-ModeExercice'), 'L', 'Libéral')]],
      ['https://rpps.esante.gouv.fr|2', [physician]],
    ]);
    const { counted, contradicted, asTold } = judgeSeats(encounter, held, rules);
    expect(contradicted).toEqual([
      { at: 'Encounter.participant[0].type[0]', has: ['Infirmier'] },
      { at: 'Encounter.participant[1].type[0]', has: ['Médecin'] },
    ]);
    expect(asTold).toEqual(['Encounter.participant[2].type[0]']);
    expect(counted.participant!.map(({ type }) => type)).toEqual([[nurse], [surgery], []]);
  });
});
