import type { Command } from 'commander';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { table } from './output.ts';
import { type AddCommand, options } from './command.ts';

/** `history`: the runs, latest first. */
export const addHistory: AddCommand = (program, context, run) => {
  program
    .command('history')
    .description('liste les passages : publications, rapprochements')
    .option('--limit <n>', 'combien', '20')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, limit } = options<{ limit: string }>(command);
        const runs = await ask(context, config, (operations) => operations.history({ limit: Number(limit) }));
        if (json) context.output.json(runs);
        else if (!runs.length) context.output.line('Aucun passage.');
        else {
          const rows = runs.map((one) => [
            one.startedAt,
            one.kind,
            one.status,
            one.actor,
            JSON.stringify(one.summary),
          ]);
          table(rows).forEach((row) => context.output.line(row));
        }
        return exit.ok;
      }),
    );
};
