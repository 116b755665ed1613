import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assessments,
  assessmentsOf,
  type Criterion,
  criteriaFaults,
  outcomes,
} from '../../src/document/criteria.ts';
import type { Composition } from '../../src/fhir/types.ts';

const inclusion: Criterion = { code: 'orientation', text: 'Personne orientée', nature: 'inclusion' };
const exclusion: Criterion = { code: 'deja-presente', text: 'Dossier déjà présenté', nature: 'exclusion' };
const answer = (criterion: string, outcome: string, reason?: string) => ({
  ...{ criterion, outcome },
  ...(reason === undefined ? {} : { reason }),
});

describe('criteria that a team declared', () => {
  it('are each answered', () => {
    expect(criteriaFaults([inclusion, exclusion], [answer('orientation', 'oui')])).toEqual([
      '« Dossier déjà présenté » (deja-presente) n’est pas examiné',
    ]);
    expect(criteriaFaults([], [answer('of-somebody-else', 'non')])).toEqual([]);
  });

  it.each([
    [inclusion, 'oui', true],
    [inclusion, 'non', false],
    [inclusion, 'sans-objet', true],
    [exclusion, 'oui', false],
    [exclusion, 'non', true],
  ])('of which %j is answered %s conform: %s; else with a reason', (criterion, outcome, conforms) => {
    const bare = criteriaFaults([criterion], [answer(criterion.code, outcome)]);
    expect(bare.length === 0).toBe(conforms);
    expect(criteriaFaults([criterion], [answer(criterion.code, outcome, 'Avis demandé')])).toEqual([]);
  });

  it('are read from a document as a person wrote them', () => {
    const content = fc.record(
      {
        critere: fc.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/),
        texte: fc.string({ minLength: 1 }),
        reponse: fc.constantFrom(...outcomes),
        motif: fc.string({ minLength: 1 }),
      },
      { requiredKeys: ['critere', 'texte', 'reponse'] },
    );
    fc.assert(
      fc.property(fc.array(content), (given) => {
        const section = [{ title: 'Conformité', extension: assessments(given) }];
        const read = assessmentsOf({ section } as unknown as Composition);
        expect(read).toEqual(given.map(({ critere, reponse, motif }) => answer(critere, reponse, motif)));
      }),
    );
  });
});
