/** A document on paper: what a person reads, and what a screen reader is told. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { composeDocument } from '../../../src/document/compose.ts';
import { blocksOf } from '../../../src/document/print/narrative.ts';
import { maxPrintedCharacters } from '../../../src/document/print/printed.ts';
import { createPrinter } from '../../../src/document/print/printer.ts';
import { readDocument, type ReadDocument } from '../../../src/document/read-document.ts';
import { readDocumentRules } from '../../../src/document/rules.ts';
import { type ReadPdf, readPdf } from './read-pdf.ts';

const rules = readDocumentRules('mappings');
const print = createPrinter('assets/fonts');
const example = parse(readFileSync('examples/documents/coreso-synthesis.yaml', 'utf8')) as object;

function document(change: object = {}): ReadDocument {
  const { bytes, issues } = composeDocument({ ...example, ...change }, rules);
  if (!bytes) throw new Error(issues.map(({ message }) => message).join('\n'));
  return readDocument(bytes);
}

/** The example with one section of this XHTML. */
function withText(div: string): ReadDocument {
  const made = document();
  const [section] = made.composition.section!;
  made.composition.section = [{ ...section!, text: { status: 'generated', div } }];
  return made;
}

describe('the example synthesis on paper', () => {
  let pdf: ReadPdf;
  beforeAll(async () => {
    pdf = await readPdf(await print(document()));
  });

  it('is a tagged PDF with title and language, as assistive technology asks', () => {
    expect(pdf).toMatchObject({ marked: true, info: { Title: 'Synthèse Coreso', Language: 'fr-FR' } });
  });

  it('is read in the order of the document: title, patient, identifiers, then each section', () => {
    const headings = pdf.tags.filter(({ role }) => role.startsWith('H')).map(({ text }) => text);
    expect(headings).toEqual([
      ...['Synthèse Coreso', 'Patient', 'Document', 'Problèmes', 'Traitements', 'Allergies et intolérances'],
      ...['Signes vitaux et résultats', 'Plan de soins'],
    ]);
    expect(pdf.tags.slice(0, 3)).toEqual([
      { role: 'H1', text: 'Synthèse Coreso' },
      { role: 'H2', text: 'Patient' },
      { role: 'P', text: 'Nom : Paul ESSAI-CORESO' },
    ]);
  });

  it('names the patient, the author by RPPS, the establishment by FINESS and the order', () => {
    const lines = pdf.tags.filter(({ role }) => role === 'P').map(({ text }) => text);
    expect(lines).toEqual(
      expect.arrayContaining([
        'Identifiant : SYNTHESE-2026-0001 (https://coreso.example/documents)',
        'Date : 20/11/2026 à 16 h 30',
        'Auteur : Anne ESSAI-GENERALISTE, RPPS 10999900029',
        'Établissement : Coreso, FINESS 990780033',
        'Prise en charge : du 14/09/2026 au 20/11/2026',
        'Demande : CORESO-2026-0001',
        'Rien de connu.',
      ]),
    );
  });

  it('keeps the foot of the page, with identifier and page number, out of what is read aloud', () => {
    expect(pdf.untagged.join('')).toBe(
      'SYNTHESE-2026-0001 – Paul ESSAI-CORESO, né(e) le 03/12/1974 page 1 / 1',
    );
  });
});

describe('a print', () => {
  it('has the same bytes for the same document', async () => {
    expect((await print(document())).equals(await print(document()))).toBe(true);
  });

  it('says on top that a preliminary document may change', async () => {
    const { tags } = await readPdf(await print(document({ statut: 'preliminaire' })));
    expect(tags[1]).toEqual({ role: 'P', text: 'Document préliminaire : il peut encore changer.' });
  });

  it('names the document it replaces', async () => {
    const remplace = { system: 'https://coreso.example/documents', value: 'SYNTHESE-2026-0000' };
    const { tags } = await readPdf(await print(document({ remplace })));
    expect(tags).toContainEqual({ role: 'P', text: 'Remplace : SYNTHESE-2026-0000' });
  });

  it('loses no word of a text of many pages, lists and tables included', async () => {
    const items = Array.from({ length: 120 }, (_, i) => `élément ${i + 1}`);
    const rows = Array.from({ length: 60 }, (_, i) => [`mesure ${i + 1}`, `${i + 1} kg`]);
    const div =
      `<div><ul>${items.map((item) => `<li>${item}<ol><li>sous-${item}</li></ol></li>`).join('')}</ul>` +
      `<table><tr><th>Mesure</th><th>Valeur</th></tr>` +
      `${rows.map(([a, b]) => `<tr><td>${a}</td><td>${b}</td></tr>`).join('')}</table></div>`;
    const { pages, tags, untagged } = await readPdf(await print(withText(div)));
    expect(pages).toBeGreaterThan(4);
    const of = (role: string): string[] => tags.filter((tag) => tag.role === role).map(({ text }) => text);
    expect(of('LBody')).toEqual(items.flatMap((item) => [item, `sous-${item}`]));
    expect(of('TH')).toEqual(['Mesure', 'Valeur']);
    expect(of('TD')).toEqual(rows.flat());
    expect(untagged.filter((text) => text.startsWith('page '))).toHaveLength(pages);
    expect(untagged.at(-1)).toBe(`page ${pages} / ${pages}`);
  });

  it('lets a table cell longer than a page run over pages', async () => {
    const words = 'mot '.repeat(4000).trim();
    const { pages, tags } = await readPdf(
      await print(withText(`<div><table><tr><td>${words}</td><td>fin</td></tr></table></div>`)),
    );
    expect(pages).toBeGreaterThan(3);
    const cells = tags.filter(({ role }) => role === 'TD').map(({ text }) => text);
    expect(cells.join('').match(/mot/g)).toHaveLength(4000);
  });

  it.each<[string, string, string]>([
    ['is not well-formed', '<div><p>x</div>', 'XHTML'],
    ['has a document type', '<!DOCTYPE div [<!ENTITY a "b">]><div>&a;</div>', 'XHTML'],
    ['has an entity of its own', '<div>&secret;</div>', 'XHTML'],
    ['is too long', `<div>${'x'.repeat(maxPrintedCharacters)}</div>`, 'dépasse'],
  ])('is refused when a text %s, saying where', async (_case, div, words) => {
    await expect(print(withText(div))).rejects.toMatchObject({
      category: 'unprocessable',
      side: 'sender',
      message: expect.stringContaining(words),
    });
  });
});

describe('the text of a section', () => {
  it('becomes paragraphs, headings, lists and tables in reading order', () => {
    expect(
      blocksOf(
        '<div>Avant <b>gras</b><br/>suite<h3>Titre</h3><ol><li>un</li><li>deux</li></ol>' +
          '<table><caption>Bilan</caption><tbody><tr><th>A</th></tr></tbody></table>&eacute;&nbsp;!</div>',
      ),
    ).toEqual([
      { kind: 'paragraph', text: 'Avant gras\nsuite' },
      { kind: 'heading', text: 'Titre' },
      {
        kind: 'list',
        items: [
          { level: 0, mark: '1.', text: 'un' },
          { level: 0, mark: '2.', text: 'deux' },
        ],
      },
      { kind: 'heading', text: 'Bilan' },
      { kind: 'table', rows: [[{ heading: true, text: 'A' }]] },
      { kind: 'paragraph', text: 'é\u00a0!' },
    ]);
  });

  it('loses no word, however its elements nest', () => {
    type Tree = { name: string; children: (Tree | string)[] };
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const names = fc.constantFrom(
      'div',
      'p',
      'b',
      'ul',
      'li',
      'table',
      'tr',
      'td',
      'h2',
      'span',
      'blockquote',
    );
    const { tree } = fc.letrec<{ tree: Tree; node: Tree | string }>((tie) => ({
      tree: fc.record({ name: names, children: fc.array(tie('node'), { maxLength: 4 }) }),
      node: fc.oneof({ depthSize: 'small' }, word, tie('tree')),
    }));
    const xhtml = (node: Tree | string): string =>
      typeof node === 'string'
        ? ` ${node} `
        : `<${node.name}>${node.children.map(xhtml).join('')}</${node.name}>`;
    const wordsOf = (node: Tree | string): string[] =>
      typeof node === 'string' ? [node] : node.children.flatMap(wordsOf);
    fc.assert(
      fc.property(tree, (root) => {
        const found = blocksOf(`<div>${xhtml(root)}</div>`)!
          .flatMap(texts)
          .join(' ');
        const words = (found.match(/[a-z]+/g) ?? []).sort();
        expect(words).toEqual(wordsOf(root).sort());
      }),
    );
  });
});

function texts(block: NonNullable<ReturnType<typeof blocksOf>>[number]): string[] {
  if (block.kind === 'list') return block.items.map(({ text }) => text);
  if (block.kind === 'table') return block.rows.flat().map(({ text }) => text);
  return [block.text];
}
