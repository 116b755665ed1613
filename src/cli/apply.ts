import type { Command } from 'commander';
import type { PlanArguments } from '../operations.ts';
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
        const held = result.servers.some((server) => server.parked > 0 || server.waiting > 0);
        if (json) context.output.json(result);
        else {
          printPlan(result.plan, context.output);
          for (const { server, written, parked, waiting } of result.servers) {
            const rest = [parked && `${parked} mise(s) de côté`, waiting && `${waiting} en attente`].filter(
              Boolean,
            );
            context.output.line(
              `${server} : ${written} écrite(s)${rest.length ? `, ${rest.join(', ')}` : ''}`,
            );
          }
          context.output.line(`Passage ${result.run}.`);
        }
        return held ? exit.findings : planCode(result.plan);
      }),
    );
};
