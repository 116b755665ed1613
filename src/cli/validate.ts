import type { Command } from 'commander';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { exit } from './context.ts';
import { parseJson, readInput } from './input-file.ts';
import { count, issueLine } from './output.ts';
import { type AddCommand, options } from './command.ts';

/** `validate FILE…`: FHIR resources (JSON or NDJSON) against R4 and the profiles they claim or are asked for. */
export const addValidate: AddCommand = (program, context, run) => {
  program
    .command('validate')
    .description('valide des ressources FHIR (JSON ou NDJSON)')
    .argument('<fichiers...>')
    .option('--profile <url...>', 'profils demandés, en plus de ceux que la ressource déclare')
    .action((files: string[], _options: unknown, command: Command) =>
      run(async () => {
        const { profile = [], config, json } = options<{ profile?: string[] }>(command);
        const results: { source: string; issues: Issue[] }[] = [];
        for (const file of files) {
          for (const { source, resource } of resourcesOf(await readInput(file), file)) {
            results.push({ source, issues: await context.validate(resource, profile, { config }) });
          }
        }
        const bad = results.filter((result) => hasErrors(result.issues)).length;
        if (json) context.output.json(results);
        else {
          for (const { source, issues } of results) {
            for (const issue of issues) context.output.line(`${source} ${issueLine(issue)}`);
          }
          context.output.line(
            `${count(results.length, 'ressource')} : ${bad ? `${bad} non conforme(s)` : 'conforme(s)'}.`,
          );
        }
        return bad ? exit.findings : exit.ok;
      }),
    );
};

function resourcesOf(text: string, file: string): { source: string; resource: unknown }[] {
  if (!file.endsWith('.ndjson')) return [{ source: file, resource: parseJson(text, file) }];
  const lines = text.split('\n').map((line, index) => ({ line, source: `${file}:${index + 1}` }));
  return lines
    .filter(({ line }) => line.trim())
    .map(({ line, source }) => ({ source, resource: parseJson(line, source) }));
}
