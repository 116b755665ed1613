/** What a person is told of a content file with faults: where, and what was expected. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readDocumentRules } from '../../src/document/rules.ts';
import { isGatewayError } from '../../src/fhir/error.ts';
import { formatIssue } from '../../src/fhir/issue.ts';
import { composed } from '../../src/gateway/build-document.ts';

const rules = readDocumentRules('mappings');
const example = readFileSync('examples/documents/avis-rcp.yaml', 'utf8');

function told(text: string): string[] {
  try {
    composed(text, 'avis.yaml', rules);
  } catch (error) {
    if (isGatewayError(error)) return error.issues.map(formatIssue);
    throw error;
  }
  return [];
}

/** Line and column of the first occurrence of a word. */
function placeOf(word: string, text = example): string {
  const before = text.slice(0, text.indexOf(word)).split('\n');
  return `avis.yaml:${before.length}:${before.at(-1)!.length + 1}`;
}

describe('a content file', () => {
  it('is read as it is written: numbers need no quotes', () => {
    expect(told(example.replaceAll(/'(\d{11})'/g, '$1'))).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    [
      'a status nobody knows',
      'statut: definitif',
      'statut: fini',
      'attend « preliminaire » ou « definitif »',
    ],
    ['a day that does not exist', "date: '2026-11-17", "date: '2026-02-31", 'attend une date et heure'],
    ['a field that is mistyped', 'titre: Avis', 'titer: Avis', 'est inconnu ici ; champs possibles : type,'],
    ['a section the document does not have', 'mesures:', 'mesure:', 'est inconnu ici'],
    [
      'an answer to a criterion that is none',
      'reponse: oui }',
      'reponse: peut-être }',
      'attend une réponse parmi : oui, non, sans-objet',
    ],
  ])('is refused for %s, at its line and column', (_case, before, after, says) => {
    const text = example.replace(before, after);
    const wanted = placeOf(after, text);
    const lines = told(text).filter((line) => line.includes(says));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${wanted} error `));
  });

  it('says what is missing where it should stand', () => {
    expect(told(example.replace(/^ {2}avis: .*$/m, ''))).toEqual([
      `${placeOf('sections:')} error « sections.avis » attend la section « Avis de la réunion », ` +
        'une liste de lignes ou un texte, vide au besoin ([]).',
    ]);
  });

  it('names who took part where its type asks for them, and nowhere else', () => {
    const without = example.replace(/^participants:\n( {2}- .*\n)+/m, '');
    expect(told(without)).toEqual([
      expect.stringContaining('« participants » attend une liste de personnes'),
    ]);
    const letter = readFileSync('examples/documents/lettre-adressage.yaml', 'utf8');
    const people = 'participants: [{ nom: A, prenom: B, rpps: 10999900052, qualite: c }]\n';
    expect(told(letter + people)).toEqual([expect.stringContaining('n’a pas de place dans un document')]);
  });

  it('is one text of YAML without references', () => {
    expect(told('type: [')).toEqual([expect.stringMatching(/^avis\.yaml:1:\d+ error /)]);
    expect(told('type: &a x\ntitre: *a\n').length).toBeGreaterThan(0);
    expect(told('a: 1\n---\nb: 2\n')).toEqual([expect.stringContaining('qu’un seul texte YAML')]);
  });
});
