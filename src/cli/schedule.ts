import type { Command } from 'commander';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { table } from './output.ts';
import { type AddCommand, options } from './command.ts';

type Listed = { job: string; cron: string; zone: string; paused: boolean; next: string; last: string };

/** `schedule list|run|pause|resume`. */
export const addSchedule: AddCommand = (program, context, run) => {
  const schedule = program.command('schedule').description('travaux planifiés');
  schedule
    .command('list')
    .description('liste les travaux, leur heure et leur dernier passage')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const list = (await ask(context, config, (operations) => operations.scheduleList({}))) as Listed[];
        if (json) context.output.json(list);
        else if (!list.length) context.output.line('Aucun travail planifié.');
        else {
          const rows = list.map((one) => [
            one.job,
            one.cron,
            one.zone,
            one.paused ? 'en pause' : one.next,
            one.last,
          ]);
          table(rows).forEach((row) => context.output.line(row));
        }
        return exit.ok;
      }),
    );
  schedule
    .command('run')
    .description('exécute un travail maintenant')
    .argument('<travail>')
    .action((job: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config } = options(command);
        context.output.json(await ask(context, config, (operations) => operations.scheduleRun({ job })));
        return exit.ok;
      }),
    );
  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    schedule
      .command(name)
      .description(paused ? 'met un travail en pause' : 'le reprend ; le passé n’est pas rejoué')
      .argument('<travail>')
      .action((job: string, _options: unknown, command: Command) =>
        run(async () => {
          const { config } = options(command);
          await ask(context, config, (operations) => operations.schedulePause({ job, paused }));
          context.output.line(`${job} : ${paused ? 'en pause' : 'repris'}.`);
          return exit.ok;
        }),
      );
  }
};
