import type { Command } from 'commander';
import { exit } from './context.ts';
import { type AddCommand, options } from './command.ts';

/** `serve`: the gateway, until it is asked to stop. */
export const addServe: AddCommand = (program, context, run) => {
  program
    .command('serve')
    .description('met la passerelle en service')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const stop = context.stopRequested(); // heard from now on: a stop during the start is not lost
        const serving = await context.serve(context.loadConfig(config));
        if (json) context.output.json({ address: serving.address });
        else context.output.line(`Passerelle en service : ${serving.address}  (Ctrl-C pour arrêter)`);
        await stop;
        await serving.stop();
        return exit.ok;
      }),
    );
};
