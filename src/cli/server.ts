import type { Command } from 'commander';
import { ask } from './ask.ts';
import type { Side } from '../fhir/error.ts';
import { exit } from './context.ts';
import { table } from './output.ts';
import { type AddCommand, options } from './command.ts';

type Listed = { id: string; name: string; base: string };
type Probed = { id: string; ok: boolean; message: string; side?: Side; retryable?: boolean };

/** `server list|check|probe`. */
export const addServer: AddCommand = (program, context, run) => {
  const server = program.command('server').description('serveurs FHIR des hôpitaux');
  server
    .command('list')
    .description('liste les serveurs de la configuration')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const list = (await ask(context, config, (operations) => operations.serverList({}))) as Listed[];
        if (json) context.output.json(list);
        else if (!list.length) context.output.line('Aucun serveur configuré.');
        else
          table(list.map((one) => [one.id, one.name, one.base])).forEach((row) => context.output.line(row));
        return exit.ok;
      }),
    );
  for (const name of ['check', 'probe']) {
    server
      .command(name)
      .description(
        name === 'check' ? 'joint chaque serveur et dit ce qui empêche d’y écrire' : 'lit les capacités',
      )
      .argument('[id]')
      .action((id: string | undefined, _options: unknown, command: Command) =>
        run(async () => {
          const { config, json } = options(command);
          const question = id ? { id } : {};
          const list = (await ask(context, config, (operations) =>
            operations.serverProbe(question),
          )) as Probed[];
          if (json) context.output.json(list);
          else list.flatMap(told).forEach((line) => context.output.line(line));
          return list.every((one) => one.ok) ? exit.ok : exit.unreachable;
        }),
      );
  }
};

/** Each server in a line; of a failure also whose it is and what happens next. */
function told({ id, ok, message, side, retryable }: Probed): string[] {
  const line = `${id} : ${ok ? 'bon' : 'échec'} — ${message}`;
  if (ok || side === undefined) return [line];
  const whose = side === 'server' ? 'Côté hôpital' : 'Côté passerelle (sa configuration)';
  const next = retryable
    ? 'rien à relancer, la passerelle réessaie d’elle-même'
    : 'rien n’y sera écrit tant que ce n’est pas corrigé';
  return [line, `  ${whose} ; ${next}.`];
}
