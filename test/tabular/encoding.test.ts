import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from '../../src/tabular/csv.ts';
import { detectEncoding, encodingDetector } from '../../src/tabular/encoding.ts';
import { writeCsv } from '../../src/tabular/write-csv.ts';
import { plain, told } from './workbook.ts';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const windows = (text: string): Buffer => Buffer.from(text, 'latin1');
const messages = (bytes: Uint8Array): string[] => told(readCsv(bytes, 'l.csv').issues);

describe('the encoding of a list', () => {
  it.each([
    ['UTF-8', utf8('id;nom\na;Été « cœur » – 5 €'), 'utf-8'],
    ['UTF-8 with mark', utf8('\uFEFFid;nom\na;Été'), 'utf-8'],
    ['nothing but ASCII', utf8('id;nom\na;b'), 'utf-8'],
    ['Windows-1252', windows('id;nom\na;\xc9t\xe9 \x9cuf \x80'), 'windows-1252'],
    [
      'Windows-1252 whose bytes could start a rarer letter',
      windows('id\nSANT\xc9\xa0: d\xe9but'),
      'windows-1252',
    ],
    ['UTF-16 with mark, as “Texte Unicode”', Buffer.from('\uFEFFid\tnom\na\tÉté', 'utf16le'), 'utf-16le'],
  ])('is found: %s', (_, bytes, encoding) => {
    expect(detectEncoding(bytes)).toEqual({ encoding });
  });

  it('is read: “Texte Unicode” of a spreadsheet', () => {
    const bytes = Buffer.from('\uFEFFid\tnom\r\na\tÉté\r\n', 'utf16le');
    expect(plain(readCsv(bytes, 'l.csv').table)).toEqual([{ id: 'a', nom: 'Été' }]);
  });

  it('is one: a list with two is refused at the first line that contradicts the others', () => {
    const mixed = Buffer.concat([utf8('id;nom\na;Hôpital\n'), windows('b;Cl\xednique\nc;\xe9t\xe9\n')]);
    expect(messages(mixed)).toEqual([
      'l.csv:3:1 error Deux encodages dans un même fichier : la ligne 2 est en UTF-8, celle-ci non (Windows-1252). ' +
        'Retapez ses caractères accentués, puis enregistrez la liste en CSV UTF-8.',
    ]);
    expect(messages(Buffer.concat([utf8('\uFEFFid\n'), windows('\xe9t\xe9\n')]))[0]).toMatch(
      /^l\.csv:2:1 error Deux/,
    );
    expect(messages(Buffer.concat([windows('id\n\xe9\n'), utf8('é\n')]))[0]).toMatch(
      /^l\.csv:2:1 .*ligne 3 est en UTF-8/,
    );
  });

  it('is that of a text: bytes that no text has are refused at their line', () => {
    expect(messages(Buffer.from('id\na\0b\n'))[0]).toMatch(/^l\.csv:2:1 .*pas du texte/);
    expect(messages(windows('id\nx\n\x81\n'))[0]).toMatch(/^l\.csv:3:1 .*pas du texte/);
  });

  it('does not depend on where the bytes are cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: 'grapheme' }).map((text) => Uint8Array.from(utf8(text))),
    );
    fc.assert(
      fc.property(bytes, fc.nat(60), (all, cut) => {
        const detector = encodingDetector();
        detector.add(all.slice(0, 3));
        detector.add(all.slice(3, 3 + cut));
        detector.add(all.slice(3 + cut));
        expect(detector.end()).toEqual(detectEncoding(all));
      }),
    );
  });

  it('is UTF-8 exactly where UTF-8 decodes, as far as texts go', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12, min: 1 }), (bytes) => {
        const found = detectEncoding(bytes);
        if (!('encoding' in found) || found.encoding !== 'utf-8') return;
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a CSV file as we write it', () => {
  it('holds no cell that a spreadsheet would compute', () => {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
      writeCsv(['a'], [['=cmd|x'], ['+33 1'], ['-1'], ['@x'], ["'=x"], ['\t=x'], ['a;"b"']]),
    );
    expect(text).toBe(
      '\uFEFFa\r\n\'=cmd|x\r\n\'+33 1\r\n\'-1\r\n\'@x\r\n\'\'=x\r\n"\'\t=x"\r\n"a;""b"""\r\n',
    );
  });

  it('gives back what was written, formulas included', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `${text.replaceAll(/\r/g, '')}x`.trim()),
      fc.constantFrom('=1+1', '+33', '-2', '@a', "'=x", "''+", "'a", '"', ';;', 'a\nb'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }), (rows) => {
        const { table, issues } = readCsv(writeCsv(['a', 'b'], rows), 'l.csv');
        expect(issues).toEqual([]);
        expect(plain(table)).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });

  it('has its headers below a title, when their line is named', () => {
    const text = 'Liste des partenaires\n\nid,nom\na,b\n';
    const { table } = readCsv(utf8(text), 'l.csv', { headerRow: 3 });
    expect(plain(table)).toEqual([{ id: 'a', nom: 'b' }]);
    expect(table?.rows[0]?.position.line).toBe(4);
  });

  it.each([
    ['tabs', 'id\tnom\na\tb\n'],
    ['a separator said in the first line', 'sep=|\nid|nom\na|b\n'],
    ['separators inside quotes of the header', '"id";"nom"\na;b\n'],
    ['a header of several lines', '"id";nom\n"a";b\n'],
    ['empty columns at the end', 'id;nom;;\na;b;;\n'],
  ])('is not the only one that is read: %s', (_, text) => {
    expect(plain(readCsv(utf8(text), 'l.csv').table)).toEqual([{ id: 'a', nom: 'b' }]);
  });
});
