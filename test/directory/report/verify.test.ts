import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { buildReport } from '../../../src/directory/report/build.ts';
import type { SigningKey } from '../../../src/directory/report/key.ts';
import { reportText, signReport } from '../../../src/directory/report/sign.ts';
import type { SignedReport } from '../../../src/directory/report/types.ts';
import { maxReportBytes, verifyReport } from '../../../src/directory/report/verify.ts';
import { facts, key, signedReport } from './reports.ts';

const faultsOf = async (report: unknown, expected?: string): Promise<string[]> =>
  (await verifyReport(reportText(report as SignedReport), expected)).faults;

function strangersKey(): SigningKey {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x: x!, d: d! };
}

/** Every place of a JSON value that holds no other values. */
function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

function changedAt(report: SignedReport, path: (string | number)[]): SignedReport {
  const copy = structuredClone(report) as unknown as Record<string | number, unknown>;
  const parent = path.slice(0, -1).reduce((at, step) => at[step] as typeof copy, copy);
  const last = path.at(-1)!;
  const value = parent[last];
  parent[last] =
    typeof value === 'number'
      ? value + 1
      : typeof value === 'boolean'
        ? !value
        : String(value).replace(/.$/, (end) => (end === 'A' ? 'B' : 'A'));
  return copy as unknown as SignedReport;
}

describe('a report as the gateway wrote it', () => {
  it('is verified, and the key that signed it is named', async () => {
    const report = await signedReport();
    const found = await verifyReport(reportText(report), report.signature.thumbprint);
    expect(found).toMatchObject({ faults: [], pinned: true, thumbprint: report.signature.thumbprint });
  });

  it('is verified without a key, which then proves only that it is whole', async () => {
    expect(await verifyReport(reportText(await signedReport()))).toMatchObject({ faults: [], pinned: false });
  });

  it('is verified on one line too, and with no page at all', async () => {
    const empty = await signedReport({ pages: [], resumedAfter: [] });
    expect((await verifyReport(JSON.stringify(empty))).faults).toEqual([]);
  });

  it('has a chain that anybody can follow with SHA-256 over text', async () => {
    const { chain, pages } = await signedReport();
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    let link = sha('annuaire|42|full');
    expect(chain.start).toBe(link);
    for (const page of pages) link = sha(`${link}|${page.digest}|${page.rows}`);
    expect(chain.end).toBe(link);
  });

  it('sums the work of its pages and says how old the data was', async () => {
    const report = buildReport(facts);
    expect(report.work).toEqual({ requests: 6, retries: 3, splits: 1, waitedMs: 4500, bytes: 12_288 });
    expect(report.dates.ageSeconds).toBe(41 * 60);
    expect(report.deletions).toEqual([
      { kind: 'Practitioner', certainty: 'told-by-source', count: 1 },
      {
        kind: 'Practitioner',
        certainty: 'absent-twice',
        count: 2,
        readings: ['2026-11-21T02:30:00.000Z', '2026-11-28T02:40:00.000Z'],
      },
    ]);
  });
});

describe('a report that somebody touched', () => {
  it('fails for a change of any single value', async () => {
    const report = await signedReport();
    for (const path of leaves(report)) {
      const faults = await faultsOf(changedAt(report, path));
      expect([path.join('.'), faults.length]).toEqual([path.join('.'), expect.any(Number)]);
      expect(`${path.join('.')}: ${faults.join(' ')}`).not.toBe(`${path.join('.')}: `);
    }
  });

  it('fails when any member is taken out or added', async () => {
    const report = await signedReport();
    for (const name of Object.keys(report)) {
      const { [name as 'run']: _gone, ...rest } = report;
      expect(await faultsOf(rest)).not.toEqual([]);
    }
    expect(await faultsOf({ ...report, extra: true })).toEqual([
      expect.stringContaining('n’a pas la forme attendue'),
    ]);
  });

  it('names the page where one was left out, repeated or moved', async () => {
    const report = await signedReport();
    const [one, two, three] = report.pages as [never, never, never];
    for (const pages of [
      [one, three],
      [one, two, two, three],
      [two, one, three],
      [one, three, two],
    ])
      expect(await faultsOf({ ...report, pages })).toContainEqual(
        expect.stringMatching(/La page \d manque, est répétée ou déplacée/),
      );
    expect(await faultsOf({ ...report, pages: [one, two] })).toContainEqual(
      expect.stringContaining('des pages manquent'),
    );
    const renumbered = [one, { ...(three as object), seq: 2 }];
    expect(await faultsOf({ ...report, pages: renumbered })).toContainEqual(
      expect.stringContaining('La chaîne se rompt à la page 2'),
    );
  });

  it('fails when its pages are chained again by somebody without the key', async () => {
    const report = await signedReport();
    const again = buildReport({ ...facts, pages: facts.pages.slice(0, 2) });
    expect(await faultsOf({ ...again, signature: report.signature })).toEqual([
      expect.stringContaining('La signature ne correspond pas au contenu'),
    ]);
  });

  it('fails under the key that was expected when somebody else signed it', async () => {
    const stranger = await signReport(buildReport(facts), strangersKey());
    expect(await faultsOf(stranger)).toEqual([]);
    const { signature } = await signedReport();
    expect(await faultsOf(stranger, signature.thumbprint)).toEqual([
      expect.stringContaining('Signé par une autre clé'),
    ]);
    const borrowed = { ...signature, jws: stranger.signature.jws };
    expect(await faultsOf({ ...stranger, signature: borrowed })).not.toEqual([]);
  });

  it('fails when it contradicts itself, even signed: complete and short of what the source announced', async () => {
    const totals = [{ kind: 'Practitioner', read: 39, expected: 40 }];
    expect(await faultsOf(await signedReport({ totals }))).toEqual([
      'Dit complet, mais 39 Practitioner lu(s) sur 40 que la source annonce.',
    ]);
    const partial = await signedReport({ complete: false, incomplete: 'coupure' });
    expect(await faultsOf(partial)).toEqual([expect.stringContaining('Des disparitions')]);
  });
});

describe('a file that is no report', () => {
  it('is told as cut wherever it is cut', async () => {
    const text = reportText(await signedReport());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length - 3 }), async (end) => {
        const { faults } = await verifyReport(text.slice(0, end));
        return faults.length === 1 && faults[0]!.includes('coupé');
      }),
      { numRuns: 50 },
    );
  });

  it.each(['null', '[]', '"x"', '{}', '{"passerelle":"plan"}', '{"__proto__":{"pages":[]}}'])(
    'is refused by its form: %s',
    async (text) => {
      expect((await verifyReport(text)).faults).toEqual([expect.stringContaining('Ce n’est pas un rapport')]);
    },
  );

  it('is refused when a name stands in it twice', async () => {
    const text = reportText(await signedReport()).replace('"run": 42', '"run": 41,\n  "run": 42');
    expect((await verifyReport(text)).faults).toEqual([expect.stringContaining('un nom y est répété')]);
  });

  it('is refused unread beyond 64 MiB', async () => {
    const { faults } = await verifyReport(' '.repeat(maxReportBytes + 1));
    expect(faults).toEqual(['Plus de 64 Mio : ce n’est pas un rapport.']);
  });

  it('echoes nothing of what it holds', async () => {
    const report = { ...(await signedReport()), source: { id: 'CANARY', kind: 'x', more: 'CANARY' } };
    expect((await faultsOf(report)).join()).not.toContain('CANARY');
  });
});

describe('the key', () => {
  it('has the thumbprint that RFC 8037 gives for its own example', async () => {
    const { signature } = await signReport(buildReport(facts), key);
    expect(signature.thumbprint).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });
});
