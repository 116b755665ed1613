import type { Command } from 'commander';
import { wholeNumber } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `demo`: the whole story on embedded parts; `npm start` is this. */
export const addDemo: AddCommand = (program, context, run) => {
  program
    .command('demo')
    .description('raconte toute l’histoire sur des éléments embarqués')
    .option('--once', 's’arrête après l’histoire')
    .option('--hapi', 'contre un vrai serveur HAPI (dépôt seulement ; demande un JDK 17 et Maven)')
    .option('--seed <n>', 'tire au sort comme la fois dont on donne la graine', wholeNumber(0))
    .option('--port <n>', 'port de la passerelle (défaut : un port libre)', wholeNumber(0, 65_535))
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const wanted = options<{ once?: boolean; hapi?: boolean; seed?: number; port?: number }>(command);
        return context.demo(
          {
            once: wanted.once ?? false,
            json: wanted.json ?? false,
            hapi: wanted.hapi ?? false,
            ...(wanted.seed !== undefined ? { seed: wanted.seed } : {}),
            ...(wanted.port !== undefined ? { port: wanted.port } : {}),
          },
          context.output,
        );
      }),
    );
};
