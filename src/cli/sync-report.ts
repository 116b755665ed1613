import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { reportHtml } from '../directory/report/html.ts';
import { reportText } from '../directory/report/sign.ts';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';
import { wholeNumber } from './values.ts';

/** `sync report RUN`: the signed report of a run, as JSON or as a page. `group` is the command `sync`. */
export const addSyncReport: AddCommand = (group, context, run) => {
  group
    .command('report')
    .description('donne le rapport signé d’un passage : ce qui a été lu, ce qui le prouve, ce qui a changé')
    .argument('<passage>', 'numéro du passage', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('-o, --output <fichier>', 'écrit dans un fichier')
    .option('--html', 'une page pour des personnes, au lieu du JSON signé')
    .action((id: number, _options: unknown, command: Command) =>
      run(async () => {
        const { config, output, html } = options<{ output?: string; html?: boolean }>(command);
        const report = await ask(context, config, (operations) => operations.syncReport({ run: id }));
        const text = html ? reportHtml(report) : reportText(report);
        if (output === undefined) context.output.line(text.trimEnd());
        else {
          await writeFile(output, text);
          context.output.note(`Rapport du passage ${id} : ${output}`);
        }
        return exit.ok;
      }),
    );
};
