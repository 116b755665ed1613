import type { Command } from 'commander';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { table } from './output.ts';
import { french, moment } from './words.ts';
import { wholeNumber } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `history`: the runs, latest first. */
export const addHistory: AddCommand = (program, context, run) => {
  program
    .command('history')
    .description('liste les passages : publications, rapprochements')
    .option('--limit <n>', 'combien', wholeNumber(1, 1000), 20)
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, limit } = options<{ limit: number }>(command);
        const runs = await ask(context, config, (operations) => operations.history({ limit }));
        if (json) context.output.json(runs);
        else if (!runs.length) context.output.line('Aucun passage.');
        else {
          const rows = runs.map((one) => [
            one.id,
            moment(one.startedAt),
            french(one.kind),
            french(one.status),
            french(one.actor),
            told(one.summary),
          ]);
          table(rows).forEach((row) => context.output.line(row));
        }
        return exit.ok;
      }),
    );
};

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
