/** The command line: options every command takes, the list of commands, and what a failure looks like. */
import { Command, CommanderError } from 'commander';
import { type Category, isGatewayError } from '../fhir/error.ts';
import type { AddCommand, Run } from './command.ts';
import { type CliContext, exit } from './context.ts';
import { addApply } from './apply.ts';
import { addCheck } from './check.ts';
import { addDb } from './db.ts';
import { addDemo } from './demo.ts';
import { addDirectory } from './directory.ts';
import { addDoctor } from './doctor.ts';
import { addDocument } from './document.ts';
import { addEmulate } from './emulate.ts';
import { helpInFrench, usageMistake } from './french.ts';
import { addHistory } from './history.ts';
import { addMap } from './map.ts';
import { addNetwork } from './network.ts';
import { issueLine } from './output.ts';
import { addPlan } from './plan.ts';
import { addReconcile } from './reconcile.ts';
import { addReferral } from './referral.ts';
import { addRollback } from './rollback.ts';
import { addSchedule } from './schedule.ts';
import { addServe } from './serve.ts';
import { addServer } from './server.ts';
import { addSync } from './sync.ts';
import { addValidate } from './validate.ts';

const commands: AddCommand[] = [
  addDemo,
  addServe,
  addCheck,
  addMap,
  addNetwork,
  addValidate,
  addPlan,
  addApply,
  addRollback,
  addHistory,
  addReconcile,
  addSync,
  addReferral,
  addDocument,
  addDirectory,
  addServer,
  addSchedule,
  addEmulate,
  addDoctor,
  addDb,
];

/** Somebody does not answer; when asking again cannot help (a taken port, a wrong password) it is a refusal. */
const unreachable: ReadonlySet<Category> = new Set([
  'unavailable',
  'timeout',
  'unknown-outcome',
  'throttled',
]);

/** Runs one command line (without program names) and answers the exit code: 0 ok, 1 findings, 2 wrong use, 3 unreachable. */
export async function runCommandLine(
  args: readonly string[],
  context: CliContext,
  version: string,
): Promise<number> {
  let code: number = exit.ok;
  const run: Run = async (action) => {
    code = await action();
  };
  const program = helpInFrench(new Command('passerelle'))
    .description('Passerelle entre réseaux de soins et serveurs FHIR des hôpitaux')
    .version(version, '-V, --version', 'version du programme')
    .helpOption('-h, --help', 'cette aide')
    .helpCommand('help [commande]', 'aide d’une commande')
    .option('--config <fichier>', 'configuration (défaut : passerelle.yaml)')
    .option('--json', 'réponse en JSON, pour un programme')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.line(text.trimEnd()),
      writeErr: (text) => context.output.error(text.trimEnd()),
      outputError: () => undefined, // said in French below
    });
  for (const add of commands) add(program, context, run);
  shareOptions(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return explain(error, context);
    if (error.exitCode === 0) return exit.ok;
    const mistake = usageMistake(error);
    if (mistake) context.output.error(mistake);
    return exit.usage;
  }
}

/** `--config` and `--json` may stand after the command as well. */
function shareOptions(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    child.option('--config <fichier>', 'configuration (défaut : passerelle.yaml)');
    child.option('--json', 'réponse en JSON, pour un programme').helpOption('-h, --help', 'cette aide');
    shareOptions(child);
  }
}

function explain(error: unknown, { output }: CliContext): number {
  if (!isGatewayError(error)) throw error;
  output.error(error.message);
  for (const issue of error.issues) output.error(`  ${issueLine(issue)}`);
  return unreachable.has(error.category) && error.retryable ? exit.unreachable : exit.findings;
}
