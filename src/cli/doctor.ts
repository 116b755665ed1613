import type { Command } from 'commander';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { type AddCommand, options } from './command.ts';

/** `doctor`: every part the gateway stands on, one line each. */
export const addDoctor: AddCommand = (program, context, run) => {
  program
    .command('doctor')
    .description('examine tout ce dont la passerelle dépend')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const { checks } = await ask(context, config, (operations) => operations.doctor({}));
        if (json) context.output.json({ checks });
        else
          checks.forEach((one) =>
            context.output.line(`${one.ok ? 'bon  ' : 'échec'}  ${one.name} — ${one.message}`),
          );
        return checks.every((one) => one.ok) ? exit.ok : exit.findings;
      }),
    );
};
