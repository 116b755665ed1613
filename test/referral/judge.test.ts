/** What speaks for an offer and against it, criterion by criterion. */
import { describe, expect, it } from '@jest/globals';
import { choose, reasonsOf } from '../../src/referral/routing/choose.ts';
import { judge } from '../../src/referral/routing/judge.ts';
import type { Asked, Offer } from '../../src/referral/routing/offer.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';

const { routing } = readExchangeRules('mappings');
const base = 'https://passerelle.example/fhir';
const levels = 'https://mos.esante.gouv.fr/NOS/TRE_R344-NiveauExpertise/FHIR/TRE-R344-NiveauExpertise';
const ordinal = 'https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale';
const concept = (system: string, code: string) => ({ coding: [{ system, code }] });

const offer = (body: object, name = 'offre'): Offer => ({
  ...{ networkId: 'reseau', key: `${base}/network|reseau/offer/${name}`, name, territories: new Map() },
  protocols: [{ networkId: 'reseau', plan: { resourceType: 'PlanDefinition' }, activities: [], teams: [] }],
  body: { resourceType: 'HealthcareService', active: true, ...body },
});
const rcp = { type: [concept(`${base}/CodeSystem/mission`, 'rcp')] };
const asked: Asked = {
  reasons: [{ system: `${base}/CodeSystem/referral-reason`, code: 'avis-rcp-obesite' }],
  ...{ levels: [], specialities: [], communes: ['69123'], age: { min: 40, max: 40 } },
  at: new Date('2026-03-10T12:00:00Z'),
};
const against = (body: object, more: Partial<Asked> = {}, reachable = true): string[] =>
  judge(offer({ ...rcp, ...body }), { ...asked, ...more }, routing, reachable)
    .verdicts.filter(({ fits }) => fits === 'no')
    .map(({ criterion }) => criterion);

describe('an offer', () => {
  it('that says nothing but what it is for fits', () => {
    expect(against({})).toEqual([]);
  });

  it.each<[string, object, Partial<Asked>, string[]]>([
    ['of another kind', { type: [] }, {}, ['objet']],
    [
      'of another level',
      { characteristic: [concept(levels, '39')] },
      { levels: [{ system: levels, code: '42' }] },
      ['niveau'],
    ],
    [
      'of the level asked for',
      { characteristic: [concept(levels, '42')] },
      { levels: [{ system: levels, code: '42' }] },
      [],
    ],
    [
      'of another speciality',
      { specialty: [concept(ordinal, 'SM42')] },
      { specialities: [{ system: ordinal, code: 'SM54' }] },
      ['spécialité'],
    ],
    [
      'for children',
      { eligibility: [{ code: concept(`${base}/CodeSystem/audience`, 'enfants') }] },
      {},
      ['public'],
    ],
    [
      'that is planned',
      { characteristic: [concept(`${base}/CodeSystem/mission-status`, 'planned')] },
      {},
      ['capacité'],
    ],
    [
      'that is full now',
      { notAvailable: [{ description: 'complet', during: { start: '2026-03-01', end: '2026-03-31' } }] },
      {},
      ['capacité'],
    ],
    ['that was full', { notAvailable: [{ description: 'complet', during: { end: '2026-02' } }] }, {}, []],
    ['of another network than the pathway’s', {}, { networkId: 'autre' }, ['parcours']],
  ])('%s', (_case, body, more, expected) => {
    expect(against(body, more)).toEqual(expected);
  });

  it('that no configured server keeps is out of reach', () => {
    expect(against({}, {}, false)).toEqual(['serveur']);
  });
});

describe('the choice', () => {
  const judged = (body: object, name: string) =>
    judge(offer({ ...rcp, ...body }, name), asked, routing, true);
  const children = { eligibility: [{ code: concept(`${base}/CodeSystem/audience`, 'enfants') }] };

  it('falls on the only one that fits, and tells what speaks against the others', () => {
    const { chosen, why, others } = choose([judged({}, 'a'), judged(children, 'b')]);
    expect([chosen?.offer.name, why, reasonsOf(others[0]!)]).toEqual(['a', 'only', ['public : enfants']]);
  });

  it('is a person’s between two that fit as well', () => {
    expect(choose([judged({}, 'a'), judged({}, 'b')])).toMatchObject({ why: 'several' });
    expect(choose([])).toMatchObject({ why: 'none', others: [] });
  });
});
