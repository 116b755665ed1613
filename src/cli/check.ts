import type { Command } from 'commander';
import type { Issue } from '../fhir/issue.ts';
import { hasErrors } from '../fhir/issue.ts';
import { exit } from './context.ts';
import { count, issueLine } from './output.ts';
import { day } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `check FILE…`: networks, mappings and configurations, every fault with file:line:column. */
export const addCheck: AddCommand = (program, context, run) => {
  program
    .command('check')
    .description('vérifie des fichiers de réseau, de correspondance ou de configuration')
    .argument('<fichiers...>')
    .option('--at <date>', 'jour considéré (AAAA-MM-JJ)', day)
    .action((files: string[], _options: unknown, command: Command) =>
      run(async () => {
        const { at, config, json } = options<{ at?: string }>(command);
        const isConfig = (file: string): boolean => /passerelle[^/]*\.ya?ml$/.test(file);
        const isMapping = (file: string): boolean => /(^|\/)mapping\.ya?ml$/.test(file);
        const networks = files.filter((file) => !isConfig(file) && !isMapping(file));
        const issues: Issue[] = files.filter(isConfig).flatMap((file) => context.checkConfig(file));
        for (const file of files.filter(isMapping)) issues.push(...(await context.checkMapping(file)));
        const read = networks.length
          ? await context.readNetworks(networks, { config, at: at ?? context.today() })
          : [];
        issues.push(...read.flatMap((network) => network.issues));
        const errors = issues.filter(
          (issue) => issue.severity === 'error' || issue.severity === 'fatal',
        ).length;
        if (json) context.output.json({ files: files.length, errors, issues });
        else {
          for (const issue of issues) context.output.line(issueLine(issue));
          const warnings = issues.length - errors;
          const verdict = errors ? `${count(errors, 'faute')}` : 'aucune faute';
          context.output.line(
            `${count(files.length, 'fichier')} : ${verdict}${warnings ? `, ${count(warnings, 'avertissement')}` : ''}.`,
          );
        }
        return hasErrors(issues) ? exit.findings : exit.ok;
      }),
    );
};
