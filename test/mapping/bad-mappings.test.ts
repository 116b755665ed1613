import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { readYaml } from '../../src/mapping/read-yaml.ts';
import { shippedLibrary } from './corpus.ts';

const folder = 'test/fixtures/mapping/bad';
const library = shippedLibrary();

/** What is said of a mapping file, each as `line:column message`. */
function said(name: string): string[] {
  const file = `${folder}/${name}.yaml`;
  const { document, issues } = readYaml(readFileSync(file, 'utf8'), file);
  const all = document ? compileMapping(document, library).issues : issues;
  return all.map((issue) => formatIssue(issue).replace(`${file}:`, '').replace(' error ', ' '));
}

const expected: Record<string, string[]> = {
  'bad-path': ['9:15 Chemin mal écrit : des noms de champs séparés par des points sont attendus.'],
  'bad-template': ['6:5 Chemin mal écrit dans le modèle : {id..x}.'],
  'endless-fragments': ["12:34 Boucle sans fin : first → second → first. Retirez l'un de ces « $use »."],
  'endless-nesting': ["12:46 Boucle sans fin : tree → branch → tree. Retirez l'un de ces « $use »."],
  'engine-element': ["9:7 « id » ne s'écrit pas par une règle."],
  'include-missing': ["2:11 « nowhere.yaml » n'existe pas."],
  'key-twice': ['10:7 YAML illisible : DUPLICATE_KEY'],
  'loop-name-taken': ["11:37 Une boucle extérieure s'appelle déjà « member »."],
  'missing-key': ['3:3 Il manque « key ».'],
  'reference-without-id': ['9:7 « member » existe une fois par élément : dites lequel par $id.'],
  'two-sources': ['9:7 Une règle a une seule source ; celle-ci en a 2 : $path, $template.'],
  'two-writers': [
    "13:5 Deux règles écrivent l'élément « name » : l'autre est en test/fixtures/mapping/bad/two-writers.yaml:9.",
  ],
  'unknown-class': ['5:5 Valeur inconnue ; connues : owned, directory-copy.'],
  'unknown-code': [
    "9:16 « teapot » n'est pas dans la table de codes « team-category » ; valeurs connues : rcp, reseau, parcours.",
  ],
  'unknown-fragment': ["9:14 Le fragment « names » n'existe pas."],
  'unknown-resource': ["9:17 La ressource « ministry » n'est pas définie."],
  'unknown-table': ["9:29 La table de codes « flavour » n'existe pas."],
  'unknown-transform': [
    '9:28 Transformation inconnue « sparkle » ; connues : date, phone, trim, upper, lower, email, number, text, id-nat-st, id-nat-ps.',
  ],
  'unknown-word': ["8:5 « element » n'est pas un mot du format."],
};

describe('a mapping with a fault is refused when it is loaded, and the message says where', () => {
  for (const [name, messages] of Object.entries(expected)) {
    it(name.replaceAll('-', ' '), () => expect(said(name)).toEqual(messages));
  }

  it('nested deeper than any resource is', () => {
    const deep = `${'{ name: '.repeat(30)}x${' }'.repeat(30)}`;
    const text = readFileSync(`${folder}/bad-path.yaml`, 'utf8').replace(
      /elements:[^]*$/,
      `elements: ${deep}\n`,
    );
    const { document } = readYaml(text, 'deep.yaml');
    const { mapping, issues } = compileMapping(document!, library);
    expect(mapping).toBeUndefined();
    expect(issues.map(({ code, message }) => [code, message])).toEqual([
      ['too-costly', 'Plus de 24 niveaux : répartissez la règle en fragments.'],
    ]);
  });

  it('every bad mapping of the fixtures has its message here', () => {
    const names = readdirSync(folder).map((name) => name.replace('.yaml', ''));
    expect(Object.keys(expected).sort()).toEqual(names.sort());
  });
});
