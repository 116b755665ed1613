/** `node scripts/synthetic.ts rpps -n 3 --seed 7`: synthetic identifiers to paste into an example, each marked so. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { syntheticIdentifiers } from '../test/synthetic.ts';
import type { SyntheticIdentifiers } from '../test/synthetic.ts';

const names: (keyof SyntheticIdentifiers)[] = [
  'rpps',
  'idNatPs',
  'finess',
  'idNatSt',
  'siren',
  'siret',
  'insNir',
];

function natural(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
  return Number(text);
}

type Options = { count: number; seed: number; volume: boolean };

new Command('synthetic')
  .description('prints valid synthetic identifiers from fictive ranges; the same seed prints the same')
  .addArgument(new Argument('<kind>', 'which identifier').choices(names))
  .addOption(new Option('-n, --count <count>', 'how many').argParser(natural).default(1))
  .addOption(new Option('--seed <seed>', 'seed of the draw').argParser(natural).default(1))
  .option('--volume', 'draw from the wide ranges', false)
  .action((name: keyof SyntheticIdentifiers, { count, seed, volume }: Options) => {
    const identifiers = syntheticIdentifiers({ seed, volume });
    for (let i = 0; i < count; i += 1) console.log(`'${identifiers[name]()}' # synthétique`);
  })
  .parse();
