import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { GatewayError } from '../fhir/error.ts';
import { formatIssue, hasErrors, type Issue } from '../fhir/issue.ts';
import { exit } from './context.ts';
import { count } from './output.ts';
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
        const { profile = [], json } = options<{ profile?: string[] }>(command);
        const results: { source: string; issues: Issue[] }[] = [];
        for (const file of files) {
          for (const { source, resource } of await resourcesOf(file)) {
            results.push({ source, issues: await context.validate(resource, profile) });
          }
        }
        const bad = results.filter((result) => hasErrors(result.issues)).length;
        if (json) context.output.json(results);
        else {
          for (const { source, issues } of results) {
            for (const issue of issues) context.output.line(`${source} ${formatIssue(issue)}`);
          }
          context.output.line(
            `${count(results.length, 'ressource')} : ${bad ? `${bad} non conforme(s)` : 'conforme(s)'}.`,
          );
        }
        return bad ? exit.findings : exit.ok;
      }),
    );
};

async function resourcesOf(file: string): Promise<{ source: string; resource: unknown }[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: `Fichier illisible : ${file}`,
      cause,
    });
  });
  if (!file.endsWith('.ndjson')) return [{ source: file, resource: parse(text, file) }];
  const lines = text.split('\n').map((line, index) => ({ line, source: `${file}:${index + 1}` }));
  return lines
    .filter(({ line }) => line.trim())
    .map(({ line, source }) => ({ source, resource: parse(line, source) }));
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: `JSON illisible : ${source}`,
      cause,
    });
  }
}
