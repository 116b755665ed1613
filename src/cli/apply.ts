import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { GatewayError } from '../fhir/error.ts';
import type { ApplyArguments, ApplyResult, SavedPlan } from '../operations.ts';
import { ask } from './ask.ts';
import { type CliContext, exit } from './context.ts';
import { parseJson, readInput } from './input-file.ts';
import { planArguments, planCode, type PlanOptions, planOptions } from './plan.ts';
import { printPlan } from './print-plan.ts';
import { type AddCommand, options } from './command.ts';

/** `apply`: plans and carries the plan out through the outbox; a kept plan as it was kept, or not at all. */
export const addApply: AddCommand = (program, context, run) => {
  planOptions(program.command('apply').description('publie chez les hôpitaux ce que les réseaux disent'))
    .argument('[plan]', 'plan gardé par « plan -o » : refusé si ce sur quoi il repose a changé')
    .option('--confirm', 'confirme un changement de grande ampleur')
    .option('--resume <passage>', 'finit un passage resté partiel, sans rien prévoir de nouveau')
    .action((file: string | undefined, _options: unknown, command: Command) =>
      run(async () => {
        const given = options<PlanOptions & { confirm?: boolean; resume?: string }>(command);
        const { config, json, confirm, resume, ...limits } = given;
        if (resume !== undefined) return resumeRun(context, config, json, resume);
        if (file !== undefined && Object.keys(limits).length)
          throw new InvalidArgumentError('un plan gardé porte déjà ses options : seul --confirm s’y ajoute.');
        const planned = file === undefined ? planArguments(limits) : await keptPlan(file);
        const args: ApplyArguments = { ...planned, ...(confirm ? { confirm } : {}) };
        const result = await ask(context, config, (operations) => operations.apply(args));
        return tellApplied(context, json, result);
      }),
    );
};

/** Prints what an `apply` or a roll back did; answers the exit code. */
export function tellApplied({ output }: CliContext, json: boolean | undefined, result: ApplyResult): number {
  if (json) output.json(result);
  else {
    printPlan(result.plan, output);
    for (const server of result.servers) output.line(told(server));
    output.line(`Passage ${result.run}.`);
  }
  if (result.servers.some(({ waiting }) => waiting > 0)) return exit.unreachable;
  const unconfirmed = result.plan.servers.some(({ changes }) =>
    changes.some(({ op, reason }) => op === 'adopt' && reason !== undefined),
  );
  const left = unconfirmed || result.servers.some(({ parked }) => parked > 0);
  return left ? exit.findings : planCode(result.plan);
}

async function resumeRun(
  context: CliContext,
  config: string | undefined,
  json: boolean | undefined,
  run: string,
): Promise<number> {
  const result = await ask(context, config, (operations) => operations.resume({ run }));
  if (json) context.output.json(result);
  else result.servers.forEach((server) => context.output.line(told(server)));
  if (result.servers.some(({ waiting }) => waiting > 0)) return exit.unreachable;
  return result.servers.some(({ parked }) => parked > 0) ? exit.findings : exit.ok;
}

/** What a file of `plan -o` asks for, and what it expects. Throws `invalid` when it is no such file. */
async function keptPlan(file: string): Promise<ApplyArguments> {
  const read = parseJson(await readInput(file), file) as Partial<SavedPlan> | null;
  const { args, plan } = read ?? {};
  if (read?.passerelle !== 'plan' || !args || !plan?.id || !plan.ground)
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: `${file} n’est pas un plan gardé par « passerelle plan -o ».`,
    });
  return { ...args, expect: { id: plan.id, ground: plan.ground } };
}

/** What became of a server's part, and what happens with the rest. */
function told({ server, written, parked, waiting }: ApplyResult['servers'][number]): string {
  const rest = [
    waiting &&
      `${waiting} en attente : la passerelle en service les renvoie d’elle-même (voir « passerelle doctor »)`,
    parked &&
      `${parked} mise(s) de côté (« passerelle history PASSAGE » dit pourquoi) : corriger la cause, ` +
        'puis relancer « passerelle apply », ou « passerelle apply --resume PASSAGE »',
  ];
  return [`${server} : ${written} écrite(s)`, ...rest.filter(Boolean)].join('\n  ');
}
