import type { Command } from 'commander';
import { ask } from './ask.ts';
import { options, type Run } from './command.ts';
import { type CliContext, exit } from './context.ts';

/** States in which somebody has begun: it is theirs to stop. */
const underWay: ReadonlySet<string> = new Set(['in-progress', 'on-hold']);

type Given = { to: string; by: string; reason?: string };

/** `referral assign`, `transfer`, `accept-proposal` and `refuse-proposal`: a person says who receives it. */
export function addReferralDirect(referral: Command, context: CliContext, run: Run): void {
  const named = (name: string, description: string): Command =>
    referral
      .command(name)
      .description(description)
      .argument('<id>', 'identifiant, comme referral list le donne')
      .requiredOption('--to <offre>', 'offre d’un réseau, comme cpts-digne/offer/soins-non-programmes')
      .requiredOption('--by <nom>', 'qui en décide');

  named('assign', 'confie à une offre un adressage qui attend un destinataire').action(
    (id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, to, by } = options<Given>(command);
        const one = await ask(context, config, (operations) => operations.referralAssign({ id, to, by }));
        if (json) context.output.json(one);
        else context.output.line(`${id} : confié à ${to}.`);
        return exit.ok;
      }),
  );
  named(
    'transfer',
    'confie un adressage à un autre destinataire ; une fois la prise en charge commencée, le demande à qui l’a',
  )
    .option('--reason <motif>', 'motif transmis à celui qui l’avait, sans donnée du patient')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, to, by, reason } = options<Given>(command);
        const args = { id, to, by, ...(reason ? { reason } : {}) };
        const one = await ask(context, config, (operations) => operations.referralTransfer(args));
        if (json) context.output.json(one);
        else if (underWay.has(one.state))
          context.output.line(`${id} : demandé à qui l’a ; « referral show » dira sa réponse.`);
        else context.output.line(`${id} : confié à ${to} ; celui qui l’avait en est averti.`);
        return exit.ok;
      }),
    );

  for (const [name, accept, description] of answers)
    referral
      .command(name)
      .description(description)
      .argument('<id>', 'identifiant, comme referral list le donne')
      .requiredOption('--by <nom>', 'qui en décide, pour le demandeur')
      .action((id: string, _options: unknown, command: Command) =>
        run(async () => {
          const { config, json, by } = options<Given>(command);
          const args = { id, accept, by };
          const one = await ask(context, config, (operations) => operations.referralProposal(args));
          if (json) context.output.json(one);
          else
            context.output.line(
              `${id} : proposition ${accept ? 'acceptée, la nouvelle demande est placée' : 'refusée'}.`,
            );
          return exit.ok;
        }),
      );
}

const answers = [
  [
    'accept-proposal',
    true,
    'accepte ce que le destinataire propose : une nouvelle demande remplace la demande refusée',
  ],
  ['refuse-proposal', false, 'refuse ce que le destinataire propose, et clôt la demande'],
] as const;
