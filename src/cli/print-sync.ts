/** A synchronisation for people: what was read, what changes by kind, each record with its fields. */
import type { SyncCounts, SyncedRecord, SyncRun } from '../directory-operations.ts';
import type { Output } from './context.ts';
import { issueLine } from './output.ts';
import { french, moment } from './words.ts';

type Op = keyof SyncCounts;

/** In the words of `plan`: before it is done, and after. */
const words: Record<Op, { todo: string; done: [one: string, many: string]; mark: string }> = {
  created: { todo: 'à créer', done: ['créée', 'créées'], mark: '+' },
  changed: { todo: 'à modifier', done: ['modifiée', 'modifiées'], mark: '~' },
  reopened: { todo: 'à rouvrir', done: ['rouverte', 'rouvertes'], mark: '>' },
  closed: { todo: 'à clore', done: ['close', 'closes'], mark: '-' },
  vanished: { todo: 'à dire disparues', done: ['disparue', 'disparues'], mark: '-' },
  moved: {
    todo: 'à suivre sous un autre identifiant',
    done: ['suivie', 'suivies sous un autre identifiant'],
    mark: '=',
  },
  missed: {
    todo: 'non vues une première fois',
    done: ['non vue une première fois', 'non vues une première fois'],
    mark: '?',
  },
  ambiguous: {
    todo: 'ambiguës, laissées telles quelles',
    done: ['ambiguë, laissée telle quelle', 'ambiguës, laissées telles quelles'],
    mark: '!',
  },
};
const order = Object.keys(words) as Op[];

/** Issues shown for people; all that were kept with --json. */
const mostIssues = 10;

/** One run: head, counts, issues, the records given. */
export function printSyncRun(run: SyncRun, records: readonly SyncedRecord[], output: Output): void {
  output.line(syncLine(run));
  const done = run.status === 'applied' || run.status === 'undone';
  for (const [kind, counts] of Object.entries(run.counts)) {
    output.line(`  ${kind} : ${counted(counts, done)}`);
    const some = records.filter((one) => one.kind === kind);
    for (const record of some) printSyncedRecord(record, output);
    const all = order.reduce((sum, op) => sum + counts[op], 0);
    if (some.length > 0 && some.length < all)
      output.line(`    … ${all - some.length} autre(s) : « passerelle sync show ${run.run} --json »`);
  }
  if (Object.keys(run.counts).length === 0 && run.status !== 'failed' && run.status !== 'reading')
    output.line('  rien ne change');
  if (run.reason) output.line(`  ! ${run.reason}`);
  const unclear = run.ambiguous.slice(0, mostIssues);
  for (const key of unclear) output.line(`  ! plusieurs contenus, fiche laissée telle quelle : ${key}`);
  if (run.ambiguous.length > unclear.length)
    output.line(
      `  ! et ${run.ambiguous.length - unclear.length} autre(s) identifiant(s) ambigu(s) : « sync show ${run.run} --json »`,
    );
  const shown = run.issues.slice(0, mostIssues);
  for (const issue of shown) output.line(`  ! ${issueLine(issue)}`);
  if (run.issueCount > shown.length)
    output.line(
      `  ! et ${run.issueCount - shown.length} autre(s) remarque(s) : « sync show ${run.run} --json »`,
    );
  if (run.status === 'braked')
    output.line(
      `  Rien n’est appliqué. Après vérification : « passerelle sync apply ${run.run} --confirm ».`,
    );
  if (run.status === 'planned' && run.run > 0)
    output.line(`  Rien n’est appliqué : « passerelle sync apply ${run.run} » le fait.`);
}

/** `annuaire : passage 12, différences, appliqué, 1200 lignes en 6 pages, données du …`. */
export function syncLine(run: SyncRun): string {
  const parts = [
    `passage ${run.run}`,
    french(`sync-${run.mode}`),
    french(run.status),
    run.mode !== 'rollback' && `${run.rows} lignes en ${run.pages} pages`,
    run.resumedAfter?.length && `repris ${run.resumedAfter.length} fois`,
    run.asOf && `données du ${moment(run.asOf)}`,
  ];
  return `${run.source} : ${parts.filter(Boolean).join(', ')}`;
}

/** `2 créées, 31 modifiées`. */
export function counted(counts: SyncCounts, done: boolean): string {
  const told = order
    .filter((op) => counts[op] > 0)
    .map((op) => `${counts[op]} ${done ? words[op].done[counts[op] > 1 ? 1 : 0] : words[op].todo}`);
  return told.join(', ') || 'rien ne change';
}

function printSyncedRecord({ kind, key, name, op, fields, succeeds }: SyncedRecord, output: Output): void {
  output.line(`    ${words[op].mark} ${kind}  ${[name, `(${key})`].filter(Boolean).join(' ')}`);
  if (succeeds) output.line(`        succède à ${succeeds}`);
  if (op === 'closed') return;
  for (const { path, before, after } of fields)
    output.line(`        ${path} : ${before || '∅'} → ${after || '∅'}`);
}
