import type { Command } from 'commander';
import { exit } from './context.ts';
import { type AddCommand, options } from './command.ts';

/** `db migrate`: brings the database to this version's tables. */
export const addDb: AddCommand = (program, context, run) => {
  program
    .command('db')
    .description('base de données')
    .command('migrate')
    .description('met les tables à jour')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const done = await context.migrate(context.loadConfig(config));
        if (json) context.output.json({ migrations: done });
        else
          context.output.line(
            done.length ? `Tables mises à jour : ${done.join(', ')}.` : 'Tables déjà à jour.',
          );
        return exit.ok;
      }),
    );
};
