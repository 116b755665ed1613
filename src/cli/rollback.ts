import type { Command } from 'commander';
import type { RollbackArguments } from '../operations.ts';
import { tellApplied } from './apply.ts';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { adoptArgument, type AdoptOptions, collect, planCode } from './plan.ts';
import { printPlan } from './print-plan.ts';
import { type AddCommand, options } from './command.ts';

/** `rollback RUN`: what was published before a run is in force again; itself a run that can be undone. */
export const addRollback: AddCommand = (program, context, run) => {
  program
    .command('rollback')
    .description('remet ce qui était publié avant un passage (défait ce passage et les suivants)')
    .argument('<passage>', 'passage à défaire, ou le début de son identifiant')
    .option('--to', 'garde ce passage et ne défait que ceux qui l’ont suivi')
    .option('--server <id>', 'un seul serveur')
    .option('--plan', 'montre ce qui changerait, sans rien changer')
    .option('--confirm', 'confirme un changement de grande ampleur')
    .option('--adopt', 'reprend tout ce qui avait été adopté puis rendu')
    .option('--adopt-key <clé>', 'reprend la seule ressource de cette clé métier (peut se répéter)', collect)
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const given = options<Wanted>(command);
        const { config, json, to, plan: onlyPlan, server, confirm } = given;
        const args: RollbackArguments = {
          ...{ run: id, ...(to ? { after: true } : {}) },
          ...(server === undefined ? {} : { server }),
          ...adoptArgument(given),
        };
        if (onlyPlan) {
          const plan = await ask(context, config, (operations) => operations.rollbackPlan(args));
          if (json) context.output.json(plan);
          else printPlan(plan, context.output);
          return planCode(plan);
        }
        const confirmed = { ...args, ...(confirm ? { confirm } : {}) };
        const result = await ask(context, config, (operations) => operations.rollback(confirmed));
        const code = tellApplied(context, json, result);
        return code === exit.ok ? planCode(result.plan) : code;
      }),
    );
};

type Wanted = AdoptOptions & {
  to?: boolean;
  plan?: boolean;
  server?: string;
  confirm?: boolean;
};
