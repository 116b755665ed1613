import type { Command } from 'commander';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { readInput } from './input-file.ts';
import { table } from './output.ts';
import { french, moment } from './words.ts';
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
        const text = await readInput(file);
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
    .argument('<id>', 'identifiant du document, comme referral show le donne')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const answer = await ask(context, config, (operations) => operations.documentShow({ id }));
        if (json) context.output.json(answer);
        else told(answer as Shown).forEach((line) => context.output.line(line));
        return exit.ok;
      }),
    );
};

type Shown = {
  id: string;
  status: string;
  referralId: string | null;
  deliveries: { server: string; at: string; sameBytes: boolean | null }[];
};

function told({ id, status, referralId, deliveries }: Shown): string[] {
  const same = (sameBytes: boolean | null): string =>
    sameBytes === null
      ? 'non relu : le serveur ne répond pas'
      : sameBytes
        ? 'relu, identique'
        : 'relu, DIFFÉRENT';
  const rows = deliveries.map((one) => [one.server, `remis ${moment(one.at)}`, same(one.sameBytes)]);
  return [
    `${id}  ${french(status)}${referralId ? `  adressage ${referralId}` : ''}`,
    ...(rows.length ? table(rows).map((row) => `  ${row}`) : ['  Pas encore remis.']),
  ];
}
