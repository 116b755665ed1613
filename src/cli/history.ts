import type { Command } from 'commander';
import type { RunDetail, RunSummary } from '../operations.ts';
import { ask } from './ask.ts';
import { exit, type Output } from './context.ts';
import { table } from './output.ts';
import { printChanges } from './print-plan.ts';
import { french, moment } from './words.ts';
import { wholeNumber } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `history`: the runs, latest first; `history RUN`: what one changed. */
export const addHistory: AddCommand = (program, context, run) => {
  program
    .command('history')
    .description(
      'liste les passages (publications, retours, rapprochements), ou montre ce qu’un passage a changé',
    )
    .argument('[passage]', 'un passage, ou le début de son identifiant')
    .option('--limit <n>', 'combien', wholeNumber(1, 1000), 20)
    .action((id: string | undefined, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, limit } = options<{ limit: number }>(command);
        if (id !== undefined) {
          const detail = await ask(context, config, (operations) => operations.runShow({ run: id }));
          if (json) context.output.json(detail);
          else printRun(detail, context.output);
          return exit.ok;
        }
        const runs = await ask(context, config, (operations) => operations.history({ limit }));
        if (json) context.output.json(runs);
        else if (!runs.length) context.output.line('Aucun passage.');
        else table(runs.map(cells)).forEach((row) => context.output.line(row));
        return exit.ok;
      }),
    );
};

function cells(one: RunSummary): string[] {
  const { id, startedAt, kind, status, actor, summary } = one;
  return [id, moment(startedAt), french(kind), french(status), french(actor), told(summary)];
}

function printRun({ servers, changes, ...run }: RunDetail, output: Output): void {
  output.line(cells(run).join('  '));
  for (const { server, written, parked, waiting, setAside, reasons } of servers) {
    const parts = [
      `${written} écrite(s)`,
      waiting && `${waiting} en attente`,
      parked && `${parked} mise(s) de côté`,
      setAside && `${setAside} reprise(s) par un passage plus récent`,
    ];
    output.line(`${server} : ${parts.filter(Boolean).join(', ')}`);
    for (const { resource, message } of reasons) output.line(`  ! ${resource} : ${message}`);
    printChanges(
      changes.filter((one) => one.server === server),
      '  ',
      output,
    );
  }
}

/** The parts of a run's summary that people look for; `apply` and `reconcile` each write some of them. */
type Summary = {
  servers?: { server: string; written?: number; checked?: number; error?: string }[];
  drift?: number;
  repaired?: number;
  clinical?: number;
};

function told(summary: unknown): string {
  const { servers = [], drift, repaired, clinical } = (summary ?? {}) as Summary;
  const each = servers.map(
    ({ server, written, checked, error }) => `${error ? 'échec' : (written ?? checked ?? 0)} à ${server}`,
  );
  const counts = [
    drift !== undefined && `${drift} écart(s)`,
    repaired && `${repaired} remis en place`,
    clinical && `${clinical} envoi(s) sans accusé`,
  ];
  return [...each, ...counts.filter(Boolean)].join(', ');
}
