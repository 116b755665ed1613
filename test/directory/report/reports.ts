/** Reports for tests: a run of three pages with something of everything. */
import { createHash } from 'node:crypto';
import { buildReport, type RunFacts } from '../../../src/directory/report/build.ts';
import type { SigningKey } from '../../../src/directory/report/key.ts';
import { signReport } from '../../../src/directory/report/sign.ts';
import type { SignedReport } from '../../../src/directory/report/types.ts';

/** A key made for these tests alone; `otherKey` is somebody else's. */
export const key: SigningKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
};

export const facts: RunFacts = {
  program: '0.1.0',
  source: { id: 'annuaire', kind: 'annuaire' },
  run: 42,
  mode: 'full',
  status: 'applied',
  startedAt: new Date('2026-11-28T02:00:00Z'),
  finishedAt: new Date('2026-11-28T02:40:00Z'),
  asOf: new Date('2026-11-28T01:59:00Z'),
  complete: true,
  pages: [1, 2, 3].map((seq) => ({
    seq,
    digest: createHash('sha256').update(`page ${seq}`).digest('hex'),
    rows: seq * 10,
    tally: { requests: 2, retries: 1, splits: seq === 2 ? 1 : 0, waitedMs: 1500, bytes: 4096 },
  })),
  resumedAfter: [2],
  totals: [
    { kind: 'Practitioner', read: 40, expected: 40 },
    { kind: 'Organization', read: 20 },
  ],
  dangling: { open: 3, created: 1, resolved: 2 },
  changes: [
    {
      kind: 'Practitioner',
      created: 5,
      changed: 4,
      closed: 1,
      vanished: 2,
      reopened: 0,
      moved: 0,
      missed: 1,
      ambiguous: 1,
    },
    {
      kind: 'Organization',
      created: 0,
      changed: 1,
      closed: 0,
      vanished: 0,
      reopened: 1,
      moved: 2,
      missed: 0,
      ambiguous: 0,
    },
  ],
  previousComplete: new Date('2026-11-21T02:30:00Z'),
  issues: [
    { rule: 'duplicate-siret', severity: 'warning', count: 2, example: 'SIRET en double & <ailleurs>.' },
  ],
  brake: { share: 0.05, freely: 100, stopped: false, reasons: [] },
};

/** That run's report, signed by `key`. */
export function signedReport(changed: Partial<RunFacts> = {}): Promise<SignedReport> {
  return signReport(buildReport({ ...facts, ...changed }), key);
}
