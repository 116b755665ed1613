import { describe, expect, it } from '@jest/globals';
import { reportHtml } from '../../../src/directory/report/html.ts';
import { signedReport } from './reports.ts';

describe('the page of a report', () => {
  it('stands alone: no script, nothing loaded, its language French', async () => {
    const html = reportHtml(await signedReport());
    expect(html).toMatch(/^<!doctype html>\n<html lang="fr">/);
    expect(html).toContain(`default-src 'none'`);
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/i);
  });

  it('gives every table a caption, and every row and column of figures its heading', async () => {
    const html = reportHtml(await signedReport());
    const tables = html.match(/<table>[\s\S]*?<\/table>/g)!;
    expect(tables.length).toBeGreaterThan(6);
    for (const table of tables) {
      expect(table).toMatch(/^<table><caption>[^<]+<\/caption>/);
      const rows = table.match(/<tr>/g)!.length;
      const headed = (table.match(/<th scope="row">/g) ?? []).length;
      expect(rows - headed).toBe(table.includes('<thead>') ? 1 : 0);
    }
    expect(html.match(/<h1>/g)).toHaveLength(1);
    const levels = [...html.matchAll(/<h(\d)>/g)].map(([, level]) => Number(level));
    levels.forEach((level, index) => expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  it('closes every element that it opens, in order', async () => {
    const open: string[] = [];
    for (const [, slash, name] of reportHtml(await signedReport()).matchAll(
      /<(\/?)([a-z][a-z0-9]*)[^>]*>/g,
    )) {
      if (name === 'meta') continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });

  it('lists the identifiers that were left as they were because they are ambiguous (P-3)', async () => {
    const ambiguous = ['Organization https://finess.esante.gouv.fr|990000011'];
    const html = reportHtml(await signedReport({ ambiguous }));
    expect(html).toContain('Identifiants ambigus');
    expect(html).toContain('990000011');
    expect(reportHtml(await signedReport())).not.toContain('Identifiants ambigus');
  });

  it('says how certain each deletion is', async () => {
    const html = reportHtml(await signedReport());
    expect(html).toContain('dit par la source');
    expect(html).toContain(
      'absent de deux passages complets, du 21/11/2026 02:30 UTC et du 28/11/2026 02:40 UTC',
    );
  });

  it('says why a reading is not complete, and that nothing is deduced from it', async () => {
    const html = reportHtml(
      await signedReport({ complete: false, incomplete: 'la source a coupé', changes: [] }),
    );
    expect(html).toContain('Lecture non complète : la source a coupé. Aucune disparition');
  });

  it('shows what stopped a run', async () => {
    const brake = { share: 0.05, freely: 100, stopped: true, reasons: ['12 % des structures fermeraient.'] };
    const html = reportHtml(await signedReport({ brake, status: 'braked' }));
    expect(html).toContain('arrêté par le frein');
    expect(html).toContain('12 % des structures fermeraient.');
  });

  it('writes what a source says as text, never as markup', async () => {
    const source = { id: '<script>alert(1)</script>', kind: '"\'&' };
    const html = reportHtml(await signedReport({ source }));
    expect(html).not.toContain('<script>');
    expect(html).toContain('SIRET en double &amp; &lt;ailleurs&gt;.');
  });

  it('shows both ends of a long list of pages', async () => {
    const pages = Array.from({ length: 1000 }, (_, index) => ({
      seq: index + 1,
      digest: `d${index}`,
      rows: 1,
      tally: {},
    }));
    const html = reportHtml(await signedReport({ pages, resumedAfter: [] }));
    expect(html).toContain('Les 200 premières et les 200 dernières des 1000 pages');
    expect(html).toContain('>d999<');
    expect(html).not.toContain('>d500<');
  });
});
