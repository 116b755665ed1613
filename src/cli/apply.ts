import type { Command } from 'commander';
import type { ApplyResult, PlanArguments } from '../operations.ts';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { planCode, printPlan } from './plan.ts';
import { day } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `apply`: plans and carries the plan out through the outbox. */
export const addApply: AddCommand = (program, context, run) => {
  program
    .command('apply')
    .description('publie chez les hôpitaux ce que les réseaux disent')
    .option('--server <id>', 'un seul serveur')
    .option('--network <id>', 'un seul réseau')
    .option('--at <date>', 'jour considéré (AAAA-MM-JJ)', day)
    .option('--confirm', 'confirme un changement de grande ampleur')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, ...args } = options<PlanArguments & { confirm?: boolean }>(command);
        const result = await ask(context, config, (operations) => operations.apply(args));
        if (json) context.output.json(result);
        else {
          printPlan(result.plan, context.output);
          for (const server of result.servers) context.output.line(told(server));
          context.output.line(`Passage ${result.run}.`);
        }
        if (result.servers.some(({ waiting }) => waiting > 0)) return exit.unreachable;
        return result.servers.some(({ parked }) => parked > 0) ? exit.findings : planCode(result.plan);
      }),
    );
};

/** What became of a server's part, and what happens with the rest. */
function told({ server, written, parked, waiting }: ApplyResult['servers'][number]): string {
  const rest = [
    waiting &&
      `${waiting} en attente : la passerelle en service les renvoie d’elle-même (voir « passerelle doctor »)`,
    parked && `${parked} mise(s) de côté : corriger la cause, puis relancer « passerelle apply »`,
  ];
  return [`${server} : ${written} écrite(s)`, ...rest.filter(Boolean)].join('\n  ');
}
