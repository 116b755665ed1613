import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { type AddCommand, options } from './command.ts';

/** `document send|show`. */
export const addDocument: AddCommand = (program, context, run) => {
  const document = program.command('document').description('documents : envoi, suivi');
  document
    .command('send')
    .description('dépose un document FHIR, ou le compose d’après un contenu structuré')
    .requiredOption('--file <fichier>', 'Bundle document (.json) ou contenu structuré (.yaml)')
    .requiredOption('--client <id>', 'client de la configuration')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, file, client } = options<{ file: string; client: string }>(command);
        const text = await readFile(file, 'utf8');
        const content = { text, file };
        const answer = await ask(context, config, (operations) =>
          operations.documentSend({ document: content, client }),
        );
        context.output.json(answer);
        return exit.ok;
      }),
    );
  document
    .command('show')
    .description('dit à qui un document a été remis, et quand')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config } = options(command);
        const answer = await ask(context, config, (operations) => operations.documentShow({ id }));
        context.output.json(answer);
        return exit.ok;
      }),
    );
};
