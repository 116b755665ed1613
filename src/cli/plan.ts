import type { Command } from 'commander';
import type { Plan, PlanArguments, PlannedChange } from '../operations.ts';
import { hasErrors } from '../fhir/issue.ts';
import { ask } from './ask.ts';
import { exit, type Output } from './context.ts';
import { issueLine } from './output.ts';
import { day } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `plan`: what an `apply` would change, per server and network. */
export const addPlan: AddCommand = (program, context, run) => {
  program
    .command('plan')
    .description('montre ce qui changerait chez les hôpitaux, sans rien changer')
    .option('--server <id>', 'un seul serveur')
    .option('--network <id>', 'un seul réseau')
    .option('--at <date>', 'jour considéré (AAAA-MM-JJ)', day)
    .option('--refresh', 'compare aussi avec ce que les serveurs disent maintenant')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, ...args } = options<PlanArguments>(command);
        const plan = await ask(context, config, (operations) => operations.plan(args));
        if (json) context.output.json(plan);
        else printPlan(plan, context.output);
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

const words: Record<PlannedChange['op'], string> = {
  create: 'à créer',
  update: 'à modifier',
  close: 'à clore',
  adopt: 'à adopter',
  blocked: 'bloquée',
  unchanged: 'inchangée',
};

/** Words that take the plural of what is counted. */
const agrees: ReadonlySet<PlannedChange['op']> = new Set(['blocked', 'unchanged']);

const marks: Record<PlannedChange['op'], string> = {
  create: '+',
  update: '~',
  close: '-',
  adopt: '>',
  blocked: '!',
  unchanged: ' ',
};

/** The plan for people: counts first, then each change with its fields, old → new. */
export function printPlan(plan: Plan, output: Output): void {
  for (const issue of plan.issues) output.line(issueLine(issue));
  for (const server of plan.servers) {
    const counts = Object.entries(server.counts) as [PlannedChange['op'], number][];
    const told = counts
      .filter(([, n]) => n > 0)
      .map(([op, n]) => `${n} ${n > 1 && agrees.has(op) ? `${words[op]}s` : words[op]}`);
    output.line(`${server.server} : ${told.join(', ') || 'rien à publier'}`);
    for (const issue of server.issues) output.line(`  ! ${issueLine(issue)}`);
    for (const change of server.changes.filter((one) => one.op !== 'unchanged')) {
      const reason = change.reason ? ` — ${change.reason}` : '';
      output.line(
        `  ${marks[change.op]} ${change.network}  ${change.type}  ${change.name || change.key}${reason}`,
      );
      if (change.op !== 'update') continue;
      for (const field of change.fields) {
        const source = field.source ? `  (${field.source})` : '';
        output.line(`      ${field.path} : ${field.before || '∅'} → ${field.after || '∅'}${source}`);
      }
    }
  }
}
