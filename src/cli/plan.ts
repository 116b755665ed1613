import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { Plan, PlanArguments, SavedPlan } from '../operations.ts';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { printPlan } from './print-plan.ts';
import { day } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** What `plan` and `apply` both take. */
export type PlanOptions = Omit<PlanArguments, 'adopt'> & AdoptOptions;

/** `--adopt` is all that is proposed; `--adopt-key` one, and again. */
export type AdoptOptions = { adopt?: true; adoptKey?: string[] };

/** Adds the options that limit a plan and say what may happen in it. */
export function planOptions(command: Command): Command {
  return command
    .option('--server <id>', 'un seul serveur')
    .option('--network <id>', 'un seul réseau')
    .option('--at <date>', 'jour considéré (AAAA-MM-JJ)', day)
    .option('--adopt', 'adopte tout ce qui a été saisi avant nous et que le plan propose')
    .option('--adopt-key <clé>', 'adopte la seule ressource de cette clé métier (peut se répéter)', collect)
    .option(
      '--release <réseau>',
      'rend à son fichier un réseau maintenu par un retour en arrière (peut se répéter)',
      collect,
    );
}

/** The options as arguments of the operation. */
export function planArguments({ adopt, adoptKey, ...rest }: PlanOptions): PlanArguments {
  return { ...rest, ...adoptArgument({ ...(adopt ? { adopt } : {}), ...(adoptKey ? { adoptKey } : {}) }) };
}

/** What is to be adopted, when something is. */
export function adoptArgument({ adopt, adoptKey = [] }: AdoptOptions): { adopt?: string[] } {
  const keys = [...(adopt ? ['*'] : []), ...adoptKey];
  return keys.length ? { adopt: keys } : {};
}

/** Values of an option that may be given again; one that took several at once would swallow the file behind it. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** `plan`: what an `apply` would change, per server and network. */
export const addPlan: AddCommand = (program, context, run) => {
  planOptions(
    program.command('plan').description('montre ce qui changerait chez les hôpitaux, sans rien changer'),
  )
    .option('--refresh', 'compare aussi avec ce que les serveurs disent maintenant')
    .option('-o, --output <fichier>', 'garde le plan, pour « passerelle apply FICHIER »')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, output, ...given } = options<PlanOptions & { output?: string }>(command);
        const args = planArguments(given);
        const asked = { ...args, ...(output === undefined ? {} : { versions: true }) };
        const plan = await ask(context, config, (operations) => operations.plan(asked));
        if (json) context.output.json(plan);
        else printPlan(plan, context.output);
        if (output !== undefined) {
          await save(output, { passerelle: 'plan', args, plan });
          context.output.note(`Plan ${plan.id} gardé : « passerelle apply ${output} » l’applique tel quel.`);
        }
        return planCode(plan);
      }),
    );
};

/** 3 when a server could not be asked, 1 when something else stands in the way; changes waiting are what a plan is for. */
export function planCode(plan: Plan): number {
  const issues = [...plan.issues, ...plan.servers.flatMap((server) => server.issues)];
  if (issues.some(({ code }) => code === 'transient')) return exit.unreachable;
  return hasErrors(issues) ? exit.findings : exit.ok;
}

async function save(file: string, plan: SavedPlan): Promise<void> {
  await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`).catch((cause: unknown) => {
    const message = `Le plan n’a pas pu être écrit dans ${file}.`;
    throw new GatewayError({ category: 'invalid', side: 'sender', message, cause });
  });
}
