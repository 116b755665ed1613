import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readList } from '../../src/tabular/list.ts';
import { listLimits } from '../../src/tabular/table.ts';
import { readXlsx } from '../../src/tabular/xlsx.ts';
import { zipLimits } from '../../src/tabular/zip.ts';
import { fixture, plain, sheetOf, told, workbook } from './workbook.ts';

const messageOf = (bytes: Uint8Array): string | undefined => readList(bytes, 'l.xlsx').issues[0]?.message;
const damaged = 'Classeur abîmé : ouvrez-le dans un tableur et enregistrez-le de nouveau en .xlsx.';

describe('a workbook made to do harm', () => {
  it('expands as far as the limit and not one byte more, whatever it claims to hold', () => {
    const bytes = workbook({ sheet: sheetOf([['id'], ['a']]), texts: `<sst>${' '.repeat(1_000_000)}</sst>` });
    const with_ = (expanded: number): string[] =>
      told(readXlsx(bytes, 'l.xlsx', {}, { ...listLimits, zip: { ...zipLimits, expanded } }).issues);
    expect(with_(1_003_000)).toEqual([]);
    expect(with_(1_000_000)).toEqual([
      'l.xlsx:1:1 error Le classeur, une fois décompressé, est trop grand : copiez la liste seule dans un nouveau classeur.',
    ]);
  });

  it('of a thousand to one is refused at 64 MiB', () => {
    const bomb = workbook({ sheet: sheetOf([['id'], ['x'.repeat(70 * 1024 * 1024)]]) });
    expect(bomb.length).toBeLessThan(200_000);
    expect(messageOf(bomb)).toMatch(/trop grand/);
  });

  it('has as many parts as the limit says, and not one more', () => {
    const parts = (count: number): Uint8Array =>
      workbook({
        sheet: sheetOf([['id'], ['a']]),
        more: Array.from({ length: count - 4 }, (_, n) => ({ name: `p${n}`, text: '' })),
      });
    expect(messageOf(parts(zipLimits.parts))).toBeUndefined();
    expect(messageOf(parts(zipLimits.parts + 1))).toMatch(/trop grand/);
  });

  it.each([
    ['a document type', '<!DOCTYPE worksheet><worksheet/>'],
    ['entities in entities', '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'],
    ['an entity of another file', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'],
    ['an entity nobody defines', '<x>&e;</x>'],
    ['levels beyond counting', '<a>'.repeat(100_000)],
    ['tags left open', '<sst><si>'],
  ])('with %s is refused', (_, texts) => {
    expect(messageOf(workbook({ sheet: sheetOf([['id'], ['a']]), texts }))).toBe(damaged);
  });

  it('whose sheet points out of the archive, or to another server, reads nothing there', () => {
    const relations = (target: string): string =>
      `<Relationships><Relationship Id="s0" Type="x/worksheet" ${target}/></Relationships>`;
    const with_ = (target: string): Uint8Array =>
      workbook({ more: [{ name: 'xl/_rels/workbook.xml.rels', text: relations(target) }] });
    expect(messageOf(with_('Target="../../../etc/passwd"'))).toBe(damaged);
    expect(messageOf(with_('Target="http://h.example/s.xml" TargetMode="External"'))).toBe(damaged);
  });

  it('with columns out to XFD is refused without making room for them', () => {
    const sheet =
      '<sheetData><row><c r="A1" t="inlineStr"><is><t>id</t></is></c></row><row><c r="XFD2"><v>1</v></c></row></sheetData>';
    expect(told(readList(workbook({ sheet }), 'l.xlsx').issues)).toEqual([
      'l.xlsx:S:XFD2 error Plus de 200 colonnes.',
    ]);
  });

  it('with macros is read without them', () => {
    const bytes = workbook({
      sheet: sheetOf([['id'], ['a']]),
      more: [{ name: 'xl/vbaProject.bin', text: 'x' }],
    });
    const { table, issues } = readList(bytes, 'l.xlsm');
    expect(plain(table)).toEqual([{ id: 'a' }]);
    expect(told(issues)).toEqual([
      'l.xlsm:1:1 information Les macros du classeur ne sont ni lues ni exécutées.',
    ]);
  });

  it('locked, of an older form or of another program is told what to do', () => {
    const old = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    expect(messageOf(old)).toMatch(/^Ancien classeur \(\.xls\) ou classeur protégé/);
    const locked = Uint8Array.from(fixture('partners.xlsx'));
    for (let at = 0; at < locked.length - 4; at += 1)
      if (locked[at] === 0x50 && locked[at + 1] === 0x4b && locked[at + 2] === 1) locked[at + 8] = 1;
    expect(messageOf(locked)).toMatch(/mot de passe/);
    const archive = workbook({}).slice();
    expect(messageOf(archive.slice(0, -10))).toBe(damaged);
  });

  it('cut or changed anywhere never makes reading throw', () => {
    const good = Uint8Array.from(readFileSync('test/fixtures/tabular/partners.xlsx'));
    const change = fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255), length: fc.nat(good.length) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const bytes = good.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        readList(bytes, 'l.xlsx');
        readList(good.slice(0, changes[0]!.length), 'l.xlsx');
      }),
      { numRuns: 300 },
    );
  });
});
