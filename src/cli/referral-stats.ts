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
  withoutGp: 'patients sans médecin traitant déclaré',
  open: 'encore ouverts',
  refused: 'refusés',
  seen: 'patients accueillis',
  reoriented: 'patients réorientés',
  completed: 'parcours terminés',
  left: 'sorties avant le terme',
  consultations: 'consultations réalisées',
  prevention: 'activités de prévention réalisées',
  syntheses: 'synthèses transmises',
};

function linesOf({ network, from, to, counts, shares, delays }: NetworkStatistics): string[] {
  const numbers = Object.entries(counts).map(([name, count]) => [titles[name] ?? name, String(count)]);
  const parts = shares.map(({ title, n, among, share }) => [
    title,
    share === undefined ? 'personne encore' : `${comma(Math.round(share * 1000) / 10)} % (${n} sur ${among})`,
  ]);
  const medians = delays.map(({ title, n, medianDays }) => [
    title,
    medianDays === undefined ? 'pas encore' : `médiane ${comma(medianDays)} j (sur ${n})`,
  ]);
  return [
    `${network || '(réseau à choisir)'}, adressages acceptés du ${from} au ${to}`,
    ...table(numbers).map((row) => `  ${row}`),
    'Parts :',
    ...table(parts).map((row) => `  ${row}`),
    'Délais :',
    ...table(medians).map((row) => `  ${row}`),
  ];
}

function comma(number: number): string {
  return String(number).replace('.', ',');
}
