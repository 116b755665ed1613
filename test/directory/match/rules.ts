/** The rules and words that the program ships with, and candidates made for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { systems } from '../../../src/fhir/identifiers.ts';
import type { Candidate, MatchItem, MatchRules } from '../../../src/directory/match/types.ts';
import { root } from '../../e2e/passerelle.ts';

export const rules = parse(readFileSync(join(root, 'mappings/exchange/matching.yaml'), 'utf8')) as MatchRules;

export const finess = (value: string): string => `${systems.finess}|${value}`;

/** A structure of a network. */
export function structure(more: Partial<MatchItem> = {}): MatchItem {
  return {
    ...{
      network: 'n',
      kind: 'Organization',
      key: 'n|member',
      identifiers: [],
      name: 'Centre hospitalier de la Dune',
    },
    ...{ communes: ['83009'], codes: [], workplaces: [], ...more },
  };
}

/** A structure of the directory. */
export function record(key: string, more: Partial<Candidate> = {}): Candidate {
  return {
    ...{
      kind: 'Organization',
      key,
      keys: [key],
      identifiers: [key],
      name: 'CH DE LA DUNE',
      communes: ['83009'],
    },
    ...{ codes: [], workplaces: [], state: 'active', source: 'finess', ...more },
  };
}
