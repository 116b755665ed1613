import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { signingKey } from '../../../src/directory/report/key.ts';
import { reportText } from '../../../src/directory/report/sign.ts';
import type { SignedReport } from '../../../src/directory/report/types.ts';
import { verifyReport } from '../../../src/directory/report/verify.ts';
import { writeReport } from '../../../src/directory/report/write-report.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { person, place, role, type Script, scriptedSource } from '../scripted-source.ts';
import { sync, syncParts } from '../sync-ground.ts';

let database: TestDatabase;
const databases: TestDatabase[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  databases.push(database);
});
afterAll(() => Promise.all(databases.map((one) => one.close())));

const people = [person(1), person(2), person(3), place(1)];

/** Synchronises and answers the report that was kept with the run. */
async function reported(script: Script, rest: Parameters<typeof syncParts>[1] = {}): Promise<SignedReport> {
  const { id } = await sync(syncParts(database.store, rest), scriptedSource(script));
  return reportOf(id);
}

async function reportOf(run: number): Promise<SignedReport> {
  return (await database.store.directory.run(run))!.report as unknown as SignedReport;
}

describe('the report of a run', () => {
  it('is kept with the run that was applied, signed, and verified by the key of the deployment', async () => {
    const report = await reported({ records: people });
    expect(report).toMatchObject({
      source: { id: 'essai', kind: 'annuaire' },
      status: 'applied',
      mode: 'full',
      complete: true,
      program: '0.0.0-test',
      chain: { pages: 2, rows: 4 },
      work: { requests: 2 },
      brake: { stopped: false, reasons: [] },
    });
    expect(report.changes.map(({ kind, created }) => [kind, created])).toEqual([
      ['Organization', 1],
      ['Practitioner', 3],
    ]);
    const { thumbprint } = report.signature;
    expect((await verifyReport(reportText(report), thumbprint)).faults).toEqual([]);
    const { x } = await signingKey(database.store.settings);
    expect(report.signature.key.x).toBe(x);
    expect(JSON.stringify(report)).not.toContain('"d"');
  });

  it('says of a disappearance which two complete readings did not show it, of a closing that the source said so', async () => {
    await reported({ records: people });
    const fewer = { records: [person(1), person(2, { state: 'closed' }), place(1)] };
    const first = await reported(fewer);
    expect(first.deletions).toEqual([{ kind: 'Practitioner', certainty: 'told-by-source', count: 1 }]);
    expect(first.changes[0]).toMatchObject({ missed: 1, vanished: 0 });
    const second = await reported(fewer);
    expect(second.deletions).toEqual([
      {
        kind: 'Practitioner',
        certainty: 'absent-twice',
        count: 1,
        readings: [first.dates.finishedAt, second.dates.finishedAt],
      },
    ]);
    expect((await verifyReport(reportText(second))).faults).toEqual([]);
  });

  it('tells where reading went on after it had been cut, and its chain has every page once (P-8)', async () => {
    let cut = true;
    const records = Array.from({ length: 7 }, (_, index) => person(index + 1));
    const script: Script = {
      records,
      before: (page) => {
        if (page === 2 && cut) throw new Error('cut');
      },
    };
    const parts = syncParts(database.store);
    await expect(sync(parts, scriptedSource(script))).rejects.toThrow('cut');
    const [failed] = await database.store.directory.runs(1);
    expect(await reportOf(failed!.id)).toMatchObject({
      status: 'failed',
      complete: false,
      incomplete: 'Erreur imprévue de la passerelle.',
    });
    cut = false;
    const { id } = await sync(parts, scriptedSource(script));
    const report = await reportOf(id);
    expect(report).toMatchObject({ run: failed!.id, status: 'applied', resumedAfter: [2] });
    expect(report.chain).toMatchObject({ pages: 4, rows: 7 });
    expect((await verifyReport(reportText(report))).faults).toEqual([]);
  });

  it('says what it waited for a confirmation for', async () => {
    await reported({ records: people });
    const changed = people.map((one) => ({ ...one, name: 'autre' }));
    const report = await reported({ records: changed }, { brake: { share: 0.1, freely: 0 } });
    expect(report).toMatchObject({ status: 'braked', brake: { share: 0.1, freely: 0, stopped: true } });
    expect(report.brake.reasons[0]).toContain('4 fiches sur 4');
    expect(report.issues[0]).toMatchObject({ rule: 'brake:mass', count: 1 });
  });

  it('counts issues by rule, and targets that nobody showed (P-4)', async () => {
    const issue = {
      severity: 'warning',
      code: 'value',
      rule: 'check-digit',
      message: 'Clé fausse.',
    } as const;
    const first = await reported({
      records: [role(1, { facts: { organization: { remote: 'r-9' } } })],
      issues: [issue, issue, { ...issue, rule: 'other' }],
    });
    expect(first.issues).toEqual([
      { rule: 'check-digit', severity: 'warning', count: 2, example: 'Clé fausse.' },
      { rule: 'other', severity: 'warning', count: 1, example: 'Clé fausse.' },
    ]);
    expect(first.dangling).toEqual({ open: 1, created: 1, resolved: 0 });
    const second = await reported({
      records: [role(1, { facts: { organization: { remote: 'r-9' } } }), place(1, { remoteId: 'r-9' })],
    });
    expect(second.dangling).toEqual({ open: 0, created: 0, resolved: 1 });
  });

  it('lists the keys that are ambiguous, and is verified with them (P-3)', async () => {
    const twins = [place(7, { name: 'A' }), place(7, { name: 'B' })];
    const report = await reported({ id: 'twins', records: [...people, ...twins] });
    expect(report.ambiguous).toEqual([`Organization ${place(7).key}`]);
    expect((await verifyReport(JSON.stringify(report))).faults).toEqual([]);
  });

  it('is not written for a run that does not exist', async () => {
    const parts = syncParts(database.store);
    expect(await writeReport(parts, 999)).toBeUndefined();
  });
});
