import type { Command } from 'commander';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { table } from './output.ts';
import { french, moment } from './words.ts';
import { type AddCommand, options } from './command.ts';

type Listed = { job: string; cron: string; zone: string; paused: boolean; next: string; last: string };
type Ran = { job: string; at: string; state: string; result: unknown };

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
            one.paused ? 'en pause' : `prochain ${moment(one.next, one.zone)}`,
            `dernier ${lastOf(one.last, one.zone)}`,
          ]);
          table(rows).forEach((row) => context.output.line(row));
        }
        return exit.ok;
      }),
    );
  schedule
    .command('run')
    .description('exécute un travail maintenant')
    .argument('<travail>', 'nom, comme schedule list le donne')
    .action((job: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const ran = (await ask(context, config, (operations) => operations.scheduleRun({ job }))) as Ran;
        if (json) context.output.json(ran);
        else context.output.line(`${job} : ${french(ran.state)}. ${JSON.stringify(ran.result)}`);
        return ran.state === 'failed' ? exit.findings : exit.ok;
      }),
    );
  for (const [name, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    schedule
      .command(name)
      .description(paused ? 'met un travail en pause' : 'le reprend ; le passé n’est pas rejoué')
      .argument('<travail>', 'nom, comme schedule list le donne')
      .action((job: string, _options: unknown, command: Command) =>
        run(async () => {
          const { config, json } = options(command);
          const answer = await ask(context, config, (operations) =>
            operations.schedulePause({ job, paused }),
          );
          if (json) context.output.json(answer);
          else context.output.line(`${job} : ${paused ? 'en pause' : 'repris'}.`);
          return exit.ok;
        }),
      );
  }
};

/** `<instant> <state>`, or a word. */
function lastOf(last: string, zone: string): string {
  const [instant, state] = last.split(' ');
  return instant && state ? `${moment(instant, zone)} ${french(state)}` : last;
}
