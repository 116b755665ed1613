/** Sub-commands of `sync` about its runs: apply, history, show, rollback, sources. */
import type { Command } from 'commander';
import type { SyncRunDetail, SyncSource } from '../directory-operations.ts';
import { ask } from './ask.ts';
import { type Run, options } from './command.ts';
import { type CliContext, exit } from './context.ts';
import { table } from './output.ts';
import { counted, printSyncRun, syncLine } from './print-sync.ts';
import { wholeNumber } from './values.ts';
import { moment } from './words.ts';

const runNumber = wholeNumber(1);
/** Records asked for at a time when all are printed. */
const pageOfRecords = 500;

export function addSyncRuns(sync: Command, context: CliContext, run: Run): void {
  const { output } = context;
  sync
    .command('apply')
    .description('applique un passage gardé par « sync --plan » ou arrêté par le frein')
    .argument('<passage>', 'numéro du passage', runNumber)
    .option('--confirm', 'confirme un changement de grande ampleur')
    .action((id: number, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, confirm } = options<{ confirm?: boolean }>(command);
        const args = { run: id, ...(confirm ? { confirm } : {}) };
        const applied = await ask(context, config, (operations) => operations.syncApply(args));
        if (json) output.json(applied);
        else printSyncRun(applied, [], output);
        return exit.ok;
      }),
    );
  sync
    .command('history')
    .description('liste les passages de synchronisation, le dernier d’abord')
    .option('--source <id>', 'une seule source')
    .option('--limit <n>', 'combien', wholeNumber(1, 1000), 20)
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, limit, source } = options<{ limit: number; source?: string }>(command);
        const args = { limit, ...(source === undefined ? {} : { source }) };
        const runs = await ask(context, config, (operations) => operations.syncHistory(args));
        if (json) output.json(runs);
        else if (runs.length === 0) output.line('Aucun passage.');
        else
          for (const one of runs) {
            output.line(`${moment(one.startedAt)}  ${syncLine(one)}`);
            const done = one.status === 'applied' || one.status === 'undone';
            for (const [kind, counts] of Object.entries(one.counts))
              output.line(`  ${kind} : ${counted(counts, done)}`);
            if (one.reason) output.line(`  ! ${one.reason}`);
          }
        return exit.ok;
      }),
    );
  sync
    .command('show')
    .description('montre ce qu’un passage change ou a changé ; --json : le passage, puis une fiche par ligne')
    .argument('<passage>', 'numéro du passage', runNumber)
    .option('--limit <n>', 'fiches montrées de chaque sorte', wholeNumber(1, 1000), 20)
    .action((id: number, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, limit } = options<{ limit: number }>(command);
        await ask(context, config, async (operations) => {
          if (!json) {
            const shown = await operations.syncShow({ run: id, limit });
            return printSyncRun(shown, shown.records, output);
          }
          let after = ' '; // before every kind and key
          for (let page: SyncRunDetail | undefined; ;) {
            const next = await operations.syncShow({ run: id, limit: pageOfRecords, after });
            if (!page) output.json({ ...next, records: undefined, next: undefined });
            for (const record of next.records) output.json(record);
            if (!next.next) return;
            [page, after] = [next, next.next];
          }
        });
        return exit.ok;
      }),
    );
  sync
    .command('rollback')
    .description('remet ce qui était tenu après un passage (défait ceux qui l’ont suivi)')
    .argument('<passage>', 'numéro du passage auquel revenir', runNumber)
    .option('--plan', 'montre ce qui changerait, sans rien changer')
    .option('--confirm', 'confirme un changement de grande ampleur')
    .action((id: number, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, plan, confirm } = options<{ plan?: boolean; confirm?: boolean }>(command);
        const planned = await ask(context, config, (operations) => operations.syncRollbackPlan({ run: id }));
        if (!json || plan) {
          if (json) output.json(planned);
          else printSyncRun({ ...planned, run: 0 }, planned.records, output);
        }
        if (plan) return planned.issues.length > 0 ? exit.findings : exit.ok;
        const args = { run: id, ...(confirm ? { confirm } : {}) };
        const done = await ask(context, config, (operations) => operations.syncRollback(args));
        if (json) output.json(done);
        else output.line(syncLine(done));
        return exit.ok;
      }),
    );
  sync
    .command('sources')
    .description('liste les sources, l’âge de leurs données et ce qui en est tenu')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const sources = await ask(context, config, (operations) => operations.syncSources({}));
        if (json) output.json(sources);
        else table(sources.map(sourceCells)).forEach((line) => output.line(line));
        return exit.ok;
      }),
    );
}

function sourceCells({ id, kind, asOf, ageHours = 0, lastFullAt, records }: SyncSource): string[] {
  const held = Object.entries(records).map(([type, count]) => `${count} ${type}`);
  return [
    id,
    kind,
    asOf ? `données du ${moment(asOf)} (${age(ageHours)})` : 'jamais synchronisée',
    lastFullAt ? `lecture complète du ${moment(lastFullAt)}` : '',
    held.join(', '),
  ];
}

function age(hours: number): string {
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} jours`;
}
