/** Lists as long as files may be: what is looked at pair by pair would never end. */
import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/fhir/types.ts';
import { applyDecisions } from '../../src/network/decisions.ts';
import type { Network } from '../../src/network/network.ts';
import { checkTogether } from '../../src/network/check-together.ts';
import { readYaml } from '../../src/network/read-yaml.ts';
import { referenceIssues } from '../../src/network/references.ts';
import { ruleIssues } from '../../src/network/rule-issues.ts';
import { spellingIssues } from '../../src/network/spellings.ts';
import { today } from './project.ts';

const many = 20_000;
const ids = Array.from({ length: many }, (_, index) => `etablissement-${index}`);

function network(data: JsonObject, id = 'n'): Network {
  return { id, kind: 'k', name: id, file: 'f', data, text: '', hash: '', positionOf: () => undefined };
}

it('one decision may say of very many establishments that they are distinct', () => {
  const alike = (id: string, finess: string) => ({ id, nom: `Clinique du Méandre`, finess, ville: 'Ici' });
  const etablissements = [alike(ids[0]!, '990780116'), alike(ids[1]!, '990780124')];
  const asked = (doublons: JsonObject[]) => spellingIssues(network({ etablissements, doublons }));
  expect(asked([])).toHaveLength(1);
  expect(asked([{ distincts: ids }])).toEqual([]);
  expect(asked([{ distincts: ids.slice(1) }, { distincts: [ids[0]!, ids[2]!] }])).toHaveLength(1);
});

it('what is named and in no list is told each time, what was meant only of the first twenty', () => {
  const membres = ids.map((id) => ({ id }));
  const mentions = ids.map((id, index) => ({ pointer: `/e/${index}`, list: 'membres', id: `${id}x` }));
  const issues = referenceIssues(network({ membres }), mentions, today);
  expect(issues).toHaveLength(many);
  expect(issues.filter(({ message }) => message.includes('Vouliez-vous dire'))).toHaveLength(20);
  const wrong = ids.slice(0, 1_000).map((id) => `${id}x`);
  const items = ids.slice(0, 1_000).map((id) => `  - { id: ${id}, finess: '990780116' }`);
  const text = `etablissements:\n${items.join('\n')}\ndoublons:\n  - distincts: [${wrong.join(', ')}]\n`;
  const decided = applyDecisions(readYaml(text, 'r.yaml').tree!);
  expect(decided).toHaveLength(1_000);
  expect(decided.filter(({ message }) => message.includes('Vouliez-vous dire'))).toHaveLength(20);
});

it('steps refer back in a list of any length', () => {
  const etapes = ids.map((id, index) => ({ id, apres: ids[Math.max(0, index - 1)]! }));
  const rule = { rule: 'refers-back', id: 'r', message: '{value}', list: 'etapes', by: 'apres' } as const;
  expect(ruleIssues(network({ etapes }), [rule], today)).toMatchObject([{ message: `« ${ids[0]} »` }]);
});

it('networks that all cover one place do not fill the answer with every pair of them', () => {
  const territoire = { departements: [{ code: '78', nom: 'Yvelines' }] };
  const all = ids.slice(0, 3_000).map((id) => network({ id, territoire }, id));
  const message = '{value} {other}';
  const rules = [{ rule: 'territories-apart', id: 't', severity: 'warning', message }] as const;
  const issues = checkTogether(all, new Map([['k', { rules: [...rules] }]]));
  expect(issues).toHaveLength(501);
  expect(issues.at(-1)).toMatchObject({ severity: 'warning', code: 'too-costly' });
});
