import type { Command } from 'commander';
import type { ReferralClock, ReferralSummary } from '../referral-operations.ts';
import { ask } from './ask.ts';
import { type CliContext, exit } from './context.ts';
import { parseJson, readInput } from './input-file.ts';
import { table } from './output.ts';
import { addReferralDirect } from './referral-direct.ts';
import { addReferralPropose } from './referral-propose.ts';
import { addReferralStats } from './referral-stats.ts';
import { told } from './referral-told.ts';
import { french, moment } from './words.ts';
import { type AddCommand, options, type Run } from './command.ts';

/** `referral list|show|send|retry|abort|close|assign|transfer|accept-proposal|refuse-proposal|propose|stats`. */
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
        const bundle = parseJson(await readInput(file), file);
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
    .argument('<id>', 'identifiant, comme referral list le donne')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const result = await ask(context, config, (operations) => operations.referralRetry({ id }));
        if (json) context.output.json(result);
        else context.output.line(`${result.requeued} envoi(s) remis en route.`);
        return exit.ok;
      }),
    );
  addEnds(referral, context, run);
  addReferralDirect(referral, context, run);
  addReferralPropose(referral, context, run);
  addReferralStats(referral, context, run);
};

/** The two ends that a person decides: taken back, or seen and closed. */
function addEnds(referral: Command, context: CliContext, run: Run): void {
  referral
    .command('abort')
    .description('reprend un adressage : annulé avant le début de la prise en charge, arrêt demandé ensuite')
    .argument('<id>', 'identifiant, comme referral list le donne')
    .option('--reason <motif>', 'motif transmis au destinataire, sans donnée du patient')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, reason } = options<{ reason?: string }>(command);
        const args = { id, ...(reason ? { reason } : {}) };
        const one = await ask(context, config, (operations) => operations.referralAbort(args));
        if (json) context.output.json(one);
        else if (one.closedAt) context.output.line(`${id} : annulé, rien n’était parti.`);
        else context.output.line(`${id} : demandé au destinataire ; « referral show » dira sa réponse.`);
        return exit.ok;
      }),
    );
  referral
    .command('close')
    .description('clôt un adressage terminé : quelqu’un a vu comment il s’est terminé')
    .argument('<id>', 'identifiant, comme referral list le donne')
    .requiredOption('--by <nom>', 'qui en a pris connaissance')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, by } = options<{ by: string }>(command);
        const one = await ask(context, config, (operations) => operations.referralClose({ id, by }));
        if (json) context.output.json(one);
        else context.output.line(`${id} : clos (${french(one.state)}).`);
        return exit.ok;
      }),
    );
}

function addList(referral: Command, context: CliContext, run: Run): void {
  referral
    .command('list')
    .description('liste les adressages')
    .option('--state <état>', 'dans cet état seulement : requested, accepted, in-progress, completed…')
    .option('--overdue', 'seulement ceux dont quelque chose est en retard')
    .option('--unrouted', 'seulement ceux qui attendent qu’une personne choisisse un destinataire')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, ...filter } = options<{
          state?: string;
          overdue?: boolean;
          unrouted?: boolean;
        }>(command);
        const list = await ask(context, config, (operations) => operations.referralList(filterOf(filter)));
        if (json) context.output.json(list);
        else if (!list.length) context.output.line('Aucun adressage.');
        else {
          const rows = list.map((one) => [
            one.id,
            one.network || '(réseau à choisir)',
            french(one.state),
            `accepté ${moment(one.acceptedAt)}`,
            ...(one.closedAt
              ? [`clos ${moment(one.closedAt)}`]
              : [one.unrouted ? 'à orienter' : openness(one), lateness(one.overdue)]),
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
    .argument('<id>', 'identifiant, comme referral list le donne')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const one = await ask(context, config, (operations) => operations.referralShow({ id }));
        if (json) context.output.json(one);
        else for (const line of told(one)) context.output.line(line);
        return exit.ok;
      }),
    );
}

function filterOf(given: { state?: string; overdue?: boolean; unrouted?: boolean }) {
  const { state, overdue, unrouted } = given;
  return {
    ...(state ? { state } : {}),
    ...(overdue ? { overdue } : {}),
    ...(unrouted ? { unrouted } : {}),
  };
}

/** What has ended waits for whoever placed it. */
function openness({ state }: ReferralSummary): string {
  return endedStates.has(state) ? 'à clore par le demandeur' : 'ouvert';
}

const endedStates: ReadonlySet<string> = new Set(['completed', 'rejected', 'cancelled', 'failed']);

function lateness(overdue: readonly ReferralClock[]): string {
  return overdue.map(({ title, dueAt }) => `en retard : ${title} (échéance ${moment(dueAt)})`).join(' ; ');
}
