import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { loadKinds } from '../../src/network/load-kinds.ts';
import { issuesOf } from './project.ts';

/** Every kind there is: a folder that holds a schema. */
const shipped = readdirSync('mappings').filter((name) => existsSync(join('mappings', name, 'schema.json')));

describe('the kinds of network', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-kinds-'));
    await cp('mappings', folder, { recursive: true });
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const load = async (): Promise<{ names: string[]; issues: string[] }> => {
    const { kinds, issues } = await loadKinds(folder);
    return {
      names: [...kinds.keys()],
      issues: issues.map((one) => formatIssue(one).replaceAll(`${folder}/`, '')),
    };
  };

  it('are the folders of mappings/ that hold a schema', async () => {
    expect(shipped).toEqual(expect.arrayContaining(['cpts', 'cso', 'ess', 'pathway']));
    expect(await load()).toEqual({ names: shipped, issues: [] });
  });

  it('grow by one with three files of data and no line of code', async () => {
    await mkdir(join(folder, 'maternite'));
    const of = (name: string): string => join(folder, 'maternite', name);
    await writeFile(
      of('schema.json'),
      JSON.stringify({
        title: 'Réseau périnatal',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'id', 'name', 'membres'],
        properties: {
          kind: { const: 'maternite' },
          id: { $ref: '../network.schema.json#/$defs/id' },
          name: { type: 'string' },
          membres: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } },
          pilote: { type: 'string', 'x-reference': 'membres' },
        },
      }),
    );
    await writeFile(
      of('rules.yaml'),
      'rules:\n  - { rule: at-least, id: members, list: membres, min: 2, message: Deux membres au moins. }\n',
    );
    const mapping = await readFile(join('mappings', 'cpts', 'mapping.yaml'), 'utf8');
    await writeFile(of('mapping.yaml'), mapping.replace(/^kind: .*$/m, 'kind: maternite'));
    const { kinds, issues } = await loadKinds(folder);
    expect(issues).toEqual([]);
    expect(kinds.get('maternite')?.title).toBe('Réseau périnatal');
    const file = join(folder, 'reseau.yaml');
    await writeFile(file, 'kind: maternite\nid: m\nname: n\nmembres: [{ id: a }]\npilote: b\n');
    expect((await issuesOf(file, kinds)).map(({ message }) => message)).toEqual([
      'Deux membres au moins.',
      '« b » ne figure pas dans la liste « membres ». Vouliez-vous dire « a » ?',
    ]);
  });

  it('leave out a kind whose rule is not in the vocabulary, and say where', async () => {
    await writeFile(join(folder, 'ess', 'rules.yaml'), 'rules:\n  - { rule: run-code, id: x, message: y }\n');
    const { names, issues } = await load();
    expect(names).toEqual(shipped.filter((name) => name !== 'ess'));
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(/^ess\/rules\.yaml:2:5 error Règle refusée/);
  });

  it('leave out a kind without mapping, with a schema that is no JSON, or no schema', async () => {
    await rm(join(folder, 'ess', 'mapping.yaml'));
    await writeFile(join(folder, 'cso', 'schema.json'), '{');
    await writeFile(join(folder, 'cpts', 'schema.json'), '{ "type": "objet" }');
    const { names, issues } = await load();
    expect(names).toEqual(shipped.filter((name) => !['cpts', 'cso', 'ess'].includes(name)));
    expect(issues).toEqual([
      expect.stringMatching(/^cpts\/schema\.json:1:1 error Schéma refusé/),
      'cso/schema.json:1:1 error Le fichier n’est pas du JSON.',
      'ess/mapping.yaml:1:1 error Fichier introuvable.',
    ]);
  });

  it('leave out a kind whose mapping does not compile', async () => {
    await writeFile(join(folder, 'ess', 'mapping.yaml'), 'kind: ess\nnonsense: true\n');
    const { names, issues } = await load();
    expect(names).toEqual(shipped.filter((name) => name !== 'ess'));
    expect(issues.length).toBeGreaterThan(0);
    expect(issues[0]).toMatch(/^ess\/mapping\.yaml:\d+:\d+ error /);
  });
});
