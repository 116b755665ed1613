import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { GatewayError } from '../fhir/error.ts';
import { exit } from './context.ts';
import { type AddCommand, options } from './command.ts';

/** `network init KIND`: a commented starter file; a file that is there is never written over. */
export const addNetworkInit: AddCommand = (network, context, run) => {
  network
    .command('init')
    .description('écrit un fichier de départ commenté pour un type de réseau')
    .argument('<type>', 'type de réseau')
    .option('-o, --output <fichier>', 'écrit dans ce fichier')
    .action((kind: string, _options: unknown, command: Command) =>
      run(async () => {
        const { output, json } = options<{ output?: string }>(command);
        const text = await context.starter(kind, dirname(output ?? 'x'));
        if (output === undefined) {
          if (json) context.output.json({ kind, text });
          else context.output.line(text.trimEnd());
          return exit.ok;
        }
        await write(output, text);
        if (json) context.output.json({ kind, file: output });
        else context.output.line(`${output} : à compléter, puis « passerelle check ${output} ».`);
        return exit.ok;
      }),
    );
};

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    const message =
      cause.code === 'EEXIST'
        ? `Le fichier ${file} existe déjà : il n’a pas été changé.`
        : `Écriture impossible : ${file}`;
    throw new GatewayError({ category: 'invalid', side: 'sender', message, cause });
  });
}
