import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors } from '../fhir/issue.ts';
import { chooseNetworks } from '../network/choose-network.ts';
import { exit, type MappedNetwork } from './context.ts';
import { type AddCommand, options } from './command.ts';
import { issueLine } from './output.ts';
import { day } from './values.ts';

type Wanted = { output?: string; at?: string; network?: string };

/** `network draw NETWORK`: the network as a picture (SVG) for its coordinator, on the day asked. */
export const addNetworkDraw: AddCommand = (network, context, run) => {
  network
    .command('draw')
    .description('dessine un réseau : structures, territoire, missions, équipes, étapes (SVG)')
    .argument('<fichier>')
    .option('-o, --output <fichier>', 'écrit dans ce fichier .svg')
    .option('--network <id>', 'dans une table de réseaux : celui-ci')
    .option('--at <date>', 'jour considéré (AAAA-MM-JJ)', day)
    .action((file: string, _options: unknown, command: Command) =>
      run(async () => {
        const { output, at = context.today(), config, json, network } = options<Wanted>(command);
        const read = await context.readNetworks([file], { config, at });
        const issues = read.flatMap((one) => one.issues);
        for (const issue of issues) context.output.error(issueLine(issue));
        if (hasErrors(issues)) return exit.findings;
        const svg = await pictureOf(chooseNetworks(file, read, network, { one: true })[0]!, at);
        if (svg === undefined) throw refusal(`${file} : aucun réseau à dessiner.`);
        if (output === undefined) {
          if (json) context.output.json({ file, at, svg });
          else context.output.line(svg.trimEnd());
          return exit.ok;
        }
        await writeFile(output, svg).catch((cause: unknown) => {
          throw refusal(`Écriture impossible : ${output}`, cause);
        });
        if (json) context.output.json({ file: output, at });
        else context.output.line(`${output} : s’ouvre dans un navigateur, s’imprime en paysage.`);
        return exit.ok;
      }),
    );
};

/** What draws, with its map of France, is loaded for this command alone. */
async function pictureOf(
  { id, file, resources, provenance }: MappedNetwork,
  at: string,
): Promise<string | undefined> {
  const { drawNetwork } = await import('../picture/draw.ts');
  const source = [basename(file), provenance].filter(Boolean).join(', ');
  return id === undefined ? undefined : drawNetwork({ id, resources, at, source });
}

function refusal(message: string, cause?: unknown): GatewayError {
  return new GatewayError({ category: 'invalid', side: 'sender', message, cause });
}
