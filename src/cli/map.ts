import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { hasErrors } from '../fhir/issue.ts';
import { type CliContext, exit, type MappedNetwork } from './context.ts';
import { count, issueLine } from './output.ts';
import { mapPagedTo } from './map-paged.ts';
import { reverseFiles, type ReverseOptions } from './map-reverse.ts';
import { day } from './values.ts';
import { type AddCommand, options } from './command.ts';

type MapOptions = ReverseOptions & { explain?: boolean; reverse?: boolean };

/** `map NETWORK…`: what the files become in FHIR, as a Bundle or as NDJSON, with the rule behind each element on demand. */
export const addMap: AddCommand = (program, context, run) => {
  program
    .command('map')
    .description('montre ce qu’un réseau devient en FHIR')
    .argument('<fichiers...>')
    .option(
      '-o, --output <fichier>',
      'écrit dans ce fichier (.json : Bundle ; .ndjson : une ressource par ligne)',
    )
    .option('--at <date>', 'jour considéré (AAAA-MM-JJ)', day)
    .option(
      '--reverse',
      'relit des ressources FHIR (Bundle ou NDJSON) et en écrit le fichier de réseau (YAML)',
    )
    .option('--network <id>', 'avec --reverse : ce réseau seulement')
    .option('--explain', 'dit, pour chaque élément, quelle règle et quelle ligne l’ont produit')
    .action((files: string[], _options: unknown, command: Command) =>
      run(async () => {
        const wanted = options<MapOptions>(command);
        if (wanted.reverse) return reverseFiles(context, files, wanted);
        const at = wanted.at ?? context.today();
        const [file] = files;
        if (files.length === 1 && wanted.output?.endsWith('.ndjson') && !wanted.explain) {
          const code = await mapPagedTo(context, file!, { config: wanted.config, at }, wanted.output);
          if (code !== undefined) return code;
        }
        const networks = await context.readNetworks(files, {
          ...{ config: wanted.config, at, explain: wanted.explain ?? false },
        });
        const issues = networks.flatMap((network) => network.issues);
        for (const issue of issues) context.output.error(issueLine(issue));
        if (hasErrors(issues)) return exit.findings;
        if (wanted.explain) explain(context, networks);
        else await write(context, networks, wanted.output);
        return exit.ok;
      }),
    );
};

function explain(context: CliContext, networks: readonly MappedNetwork[]): void {
  for (const { resources } of networks) {
    for (const resource of resources) {
      context.output.line(`${resource.type} ${resource.key}`);
      for (const origin of resource.origin) {
        context.output.line(`  ${origin.element}  ←  ${origin.path || '(constante)'}  ${origin.rule}`);
      }
    }
  }
}

async function write(
  context: CliContext,
  networks: readonly MappedNetwork[],
  file: string | undefined,
): Promise<void> {
  const bundle = context.bundleOf(networks) as { resourceType: string; entry?: { resource: unknown }[] };
  const resources = (bundle.entry ?? []).map((entry) => entry.resource);
  const ndjson = file?.endsWith('.ndjson');
  const text = ndjson
    ? resources.map((one) => JSON.stringify(one)).join('\n')
    : JSON.stringify(bundle, null, 2);
  if (!file) return context.output.line(text);
  await writeFile(file, `${text}\n`);
  context.output.line(`${count(resources.length, 'ressource')} dans ${file}.`);
}
