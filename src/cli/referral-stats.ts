import type { Command } from 'commander';
import type { NetworkStatistics } from '../referral-operations.ts';
import { ask } from './ask.ts';
import { options, type Run } from './command.ts';
import { type CliContext, exit } from './context.ts';
import { table } from './output.ts';

/** `referral stats`. */
export function addReferralStats(referral: Command, context: CliContext, run: Run): void {
  referral
    .command('stats')
    .description('compte les adressages acceptés et leurs délais, réseau par réseau')
    .option('--network <id>', 'ce réseau seulement')
    .option('--from <jour>', 'depuis ce jour (AAAA-MM-JJ) ; sinon depuis le 1er janvier')
    .option('--to <jour>', 'jusqu’à ce jour compris ; sinon jusqu’à aujourd’hui')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, network, from, to } = options<{ network?: string; from?: string; to?: string }>(
          command,
        );
        const args = { ...(network ? { network } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
        const told = await ask(context, config, (operations) => operations.referralStats(args));
        if (json) context.output.json(told);
        else if (told.length === 0) context.output.line('Aucun adressage accepté dans cette période.');
        else for (const line of told.flatMap(linesOf)) context.output.line(line);
        return exit.ok;
      }),
    );
}

const titles: Readonly<Record<string, string>> = {
  referred: 'reçus',
  open: 'encore ouverts',
  refused: 'refusés',
  seen: 'patients accueillis',
  reoriented: 'patients réorientés',
  completed: 'parcours terminés',
  left: 'sorties avant le terme',
  consultations: 'consultations réalisées',
  syntheses: 'synthèses transmises',
};

function linesOf({ network, from, to, counts, delays }: NetworkStatistics): string[] {
  const numbers = Object.entries(counts).map(([name, count]) => [titles[name] ?? name, String(count)]);
  const medians = delays.map(({ title, n, medianDays }) => [
    title,
    medianDays === undefined ? 'pas encore' : `médiane ${String(medianDays).replace('.', ',')} j (sur ${n})`,
  ]);
  return [
    `${network || '(réseau à choisir)'}, adressages acceptés du ${from} au ${to}`,
    ...table(numbers).map((row) => `  ${row}`),
    'Délais :',
    ...table(medians).map((row) => `  ${row}`),
  ];
}
