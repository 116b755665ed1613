import type { Command } from 'commander';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';

/** `sync key`: the public key that signs reports; give it to whoever verifies them. */
export const addSyncKey: AddCommand = (group, context, run) => {
  group
    .command('key')
    .description('montre la clé publique qui signe les rapports, et son empreinte')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const half = await ask(context, config, (operations) => operations.syncKey({}));
        if (json) context.output.json(half);
        else {
          context.output.line(`Empreinte (RFC 7638) : ${half.thumbprint}`);
          context.output.line(JSON.stringify(half.key));
        }
        return exit.ok;
      }),
    );
};
