/** Every example document, from what a person writes to what is read on paper. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { closureIssues } from '../../src/document/closure.ts';
import { composeDocument } from '../../src/document/compose.ts';
import type { DocumentContent } from '../../src/document/content.ts';
import { createPrinter } from '../../src/document/print/printer.ts';
import { readDocument } from '../../src/document/read-document.ts';
import { profileUrl, readDocumentRules } from '../../src/document/rules.ts';
import type { Bundle } from '../../src/fhir/types.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { readPdf } from './print/read-pdf.ts';

const rules = readDocumentRules('mappings');
const print = createPrinter('assets/fonts');
const names = readdirSync('examples/documents').map((file) => file.replace('.yaml', ''));
const contentOf = (name: string): DocumentContent =>
  parse(readFileSync(`examples/documents/${name}.yaml`, 'utf8')) as DocumentContent;

let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});

it('there is an example of every type of document', () => {
  expect(new Set(names.map((name) => contentOf(name).type))).toEqual(new Set(Object.keys(rules.types)));
});

describe.each(names)('the example %s', (name) => {
  const content = contentOf(name);
  const rule = rules.types[content.type]!;
  const { bytes, issues } = composeDocument(content, rules);

  it('becomes the golden document, which other validators judge (P-46)', () => {
    expect(issues).toEqual([]);
    const golden: unknown = JSON.parse(readFileSync(`test/fixtures/documents/${name}.json`, 'utf8'));
    expect(JSON.parse(bytes!.toString('utf8'))).toEqual(golden);
  });

  it('satisfies the profile of its type and that of documents', () => {
    const document = JSON.parse(bytes!.toString('utf8')) as Bundle;
    const found = [
      ...validator.validate(document, [profileUrl(rules.bundleProfile)]),
      ...validator.validate(document.entry![0]!.resource, [profileUrl(rule.profile)]),
    ];
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('holds everything it refers to and nothing else (DOC-02)', () => {
    expect(closureIssues(JSON.parse(bytes!.toString('utf8')) as Bundle)).toEqual([]);
  });

  it('is a tagged PDF in French whose headings are its sections, with identifiers and page numbers', async () => {
    const pdf = await readPdf(await print(readDocument(bytes!)));
    expect(pdf).toMatchObject({
      marked: true,
      info: { Title: content.titre ?? rule.title, Language: 'fr-FR' },
    });
    const headings = pdf.tags.filter(({ role }) => role === 'H2').map(({ text }) => text);
    const written = Object.entries(rule.sections)
      .filter(([section, { from }]) => (from ? content[from] : content.sections[section]) !== undefined)
      .map(([, { title }]) => title);
    expect(headings).toEqual(['Patient', 'Document', ...written]);
    const lines = pdf.tags.filter(({ role }) => role === 'P').map(({ text }) => text);
    const { identifiant, demande, auteur } = content;
    expect(lines).toContain(`Identifiant : ${identifiant.value} (${identifiant.system})`);
    expect(lines).toContain(`Demande : ${demande.value}`);
    expect(lines).toContain(`Auteur : ${auteur.prenom} ${auteur.nom}, RPPS ${auteur.rpps}`);
    for (let page = 1; page <= pdf.pages; page += 1)
      expect(pdf.untagged.join(' ')).toContain(`page ${page} / ${pdf.pages}`);
  });
});
