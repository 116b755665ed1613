import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { similarity, wordsOf } from '../../../src/directory/match/names.ts';
import { rules } from './rules.ts';

describe('names as they are compared', () => {
  it.each([
    ['CH DE L’ÉCLUSE', 'Centre hospitalier de l Ecluse'],
    ['Dr Fictive-Alba Anne', 'ANNE FICTIVE ALBA'],
    ['Clinique des Cœurs (inventée)', 'CLINIQUE DES COEURS'],
    ['CHU ST-MARC', 'Centre Hospitalier Universitaire Saint Marc'],
  ])('%s is %s', (one, other) => {
    expect(wordsOf(one, rules)).toEqual(wordsOf(other, rules));
    expect(similarity(one, other, rules)).toBe(1);
  });

  it('words that many structures share prove little', () => {
    expect(similarity('Centre hospitalier de Nord', 'Centre hospitalier de Sud', rules)).toBeLessThan(0.5);
    expect(similarity('Centre hospitalier de Nord', 'CH Nord, site A', rules)).toBeGreaterThan(0.6);
  });

  it('is symmetric, between 0 and 1, and 1 for the same words', () => {
    const name = fc
      .array(fc.constantFrom('centre', 'hospitalier', 'dune', 'cap', 'ch', 'É-t', '(x)', 'de'), {
        maxLength: 6,
      })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(name, name, (one, other) => {
        const like = similarity(one, other, rules);
        expect(like).toBe(similarity(other, one, rules));
        expect(like).toBeGreaterThanOrEqual(0);
        expect(like).toBeLessThanOrEqual(1);
        if (wordsOf(one, rules).length) expect(similarity(one, one, rules)).toBe(1);
      }),
    );
  });
});
