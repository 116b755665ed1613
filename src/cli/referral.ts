import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ask } from './ask.ts';
import { type CliContext, exit } from './context.ts';
import { table } from './output.ts';
import { type AddCommand, options, type Run } from './command.ts';

/** `referral list|show|send|retry`. */
export const addReferral: AddCommand = (program, context, run) => {
  const referral = program.command('referral').description('adressages : liste, suivi, envoi, reprise');
  addList(referral, context, run);
  addShow(referral, context, run);
  referral
    .command('send')
    .description('dépose un adressage (Bundle transaction) au nom d’un client de la configuration')
    .requiredOption('--file <fichier>', 'Bundle JSON')
    .requiredOption('--client <id>', 'client de la configuration')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, file, client } = options<{ file: string; client: string }>(command);
        const bundle: unknown = JSON.parse(await readFile(file, 'utf8'));
        const answer = await ask(context, config, (operations) =>
          operations.referralSend({ bundle, client }),
        );
        context.output.json(answer);
        return exit.ok;
      }),
    );
  referral
    .command('retry')
    .description('remet en route les envois mis de côté d’un adressage')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const result = await ask(context, config, (operations) => operations.referralRetry({ id }));
        if (json) context.output.json(result);
        else context.output.line(`${result.requeued} envoi(s) remis en route.`);
        return exit.ok;
      }),
    );
};

function addList(referral: Command, context: CliContext, run: Run): void {
  referral
    .command('list')
    .description('liste les adressages')
    .option('--state <état>', 'dans cet état seulement')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, state } = options<{ state?: string }>(command);
        const list = await ask(context, config, (operations) =>
          operations.referralList(state ? { state } : {}),
        );
        if (json) context.output.json(list);
        else if (!list.length) context.output.line('Aucun adressage.');
        else {
          const rows = list.map((one) => [
            one.id,
            one.network,
            one.state,
            one.acceptedAt,
            one.closedAt ?? '',
          ]);
          table(rows).forEach((row) => context.output.line(row));
        }
        return exit.ok;
      }),
    );
}

function addShow(referral: Command, context: CliContext, run: Run): void {
  referral
    .command('show')
    .description('dit tout ce qui est arrivé à un adressage')
    .argument('<id>')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const one = await ask(context, config, (operations) => operations.referralShow({ id }));
        if (json) context.output.json(one);
        else {
          context.output.line(`${one.id}  ${one.network}  ${one.state}`);
          const rows = one.timeline.map((event) => [
            event.at,
            event.kind,
            event.actor,
            JSON.stringify(event.detail),
          ]);
          table(rows).forEach((row) => context.output.line(`  ${row}`));
          for (const delivery of one.deliveries) context.output.line(`  envoi ${JSON.stringify(delivery)}`);
        }
        return exit.ok;
      }),
    );
}
