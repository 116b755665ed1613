import type { Command } from 'commander';
import { ask } from './ask.ts';
import { options, type Run } from './command.ts';
import { type CliContext, exit } from './context.ts';
import { rowOf } from './directory-nearest.ts';
import { table } from './output.ts';
import { wholeNumber } from './values.ts';

/** `referral propose`. */
export function addReferralPropose(referral: Command, context: CliContext, run: Run): void {
  referral
    .command('propose')
    .description('propose les médecins les plus proches du patient qui acceptent de nouveaux patients')
    .argument('<id>', 'identifiant, comme referral list le donne')
    .option('--limit <n>', 'combien (10)', wholeNumber(1, 100))
    .option('--within <km>', 'à combien de kilomètres au plus (100)', wholeNumber(1, 2000))
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, limit, within } = options<{ limit?: number; within?: number }>(command);
        const args = { id, ...(limit ? { limit } : {}), ...(within ? { within } : {}) };
        const proposed = await ask(context, config, (operations) => operations.referralPropose(args));
        if (json) context.output.json(proposed);
        else {
          for (const { title, order } of proposed.steps)
            context.output.line(`« ${title} » attend un exécutant : ${order}`);
          if (proposed.offers.length === 0) context.output.line('Personne dans ce rayon (--within).');
          for (const line of table(proposed.offers.map(rowOf))) context.output.line(`  ${line}`);
          context.output.line(
            'À vous de choisir avec le patient ; le médecin traitant reste celui qu’il déclare. Rien n’a été écrit.',
          );
        }
        return proposed.offers.length ? exit.ok : exit.findings;
      }),
    );
}
