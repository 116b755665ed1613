import type { Command } from 'commander';
import type { SyncOutcome } from '../directory-operations.ts';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';
import { printSyncRun } from './print-sync.ts';
import { addSyncKey } from './sync-key.ts';
import { addSyncReport } from './sync-report.ts';
import { addSyncRuns } from './sync-runs.ts';
import { addSyncVerify } from './sync-verify.ts';

type Wanted = { full?: boolean; plan?: boolean; confirm?: boolean };

/** `sync [SOURCE…]`: what the directories say is held here; its sub-commands look at runs and take them back. */
export const addSync: AddCommand = (program, context, run) => {
  const sync = program
    .command('sync')
    .description('met à jour l’annuaire tenu ici d’après ses sources (toutes, ou celles nommées)')
    .argument('[source...]', 'identifiants de sources de la configuration')
    .option('--full', 'relit tout, même quand la source sait dire ce qui a changé')
    .option('--plan', 'montre ce qui changerait et le garde pour « sync apply »')
    .option('--confirm', 'confirme un changement de grande ampleur')
    .action((sources: string[], _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, full, plan, confirm } = options<Wanted>(command);
        const args = {
          ...(sources.length > 0 ? { sources } : {}),
          ...(full ? { full } : {}),
          ...(plan ? { planOnly: plan } : {}),
          ...(confirm ? { confirm } : {}),
        };
        const outcomes = await ask(context, config, (operations) => operations.sync(args));
        if (json) context.output.json(outcomes);
        else if (outcomes.length === 0)
          context.output.line('Aucune source d’annuaire dans la configuration (directory.sources).');
        else
          for (const outcome of outcomes)
            if ('run' in outcome) printSyncRun(outcome.run, outcome.records, context.output);
            else context.output.line(`${outcome.source} : en échec\n  ! ${outcome.error.message}`);
        return codeOf(outcomes);
      }),
    );
  addSyncRuns(sync, context, run);
  addSyncReport(sync, context, run);
  addSyncVerify(sync, context, run);
  addSyncKey(sync, context, run);
};

/** 3 when a directory does not answer, 1 when something waits for a person. */
function codeOf(outcomes: readonly SyncOutcome[]): number {
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  if (failed.some(({ retryable }) => retryable)) return exit.unreachable;
  const braked = outcomes.some((outcome) => 'run' in outcome && outcome.run.status === 'braked');
  return failed.length > 0 || braked ? exit.findings : exit.ok;
}
