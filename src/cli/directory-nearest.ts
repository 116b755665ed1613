import type { Command } from 'commander';
import type { NearestOffer } from '../directory/told.ts';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';
import { table } from './output.ts';
import { moment } from './words.ts';
import { wholeNumber } from './values.ts';

type Options = {
  profession: string;
  speciality?: string;
  commune: string;
  newPatients?: boolean;
  limit?: number;
  within?: number;
};

/** `directory nearest`: who offers what, nearest to a commune first. */
export const addDirectoryNearest: AddCommand = (directory, context, run) => {
  directory
    .command('nearest')
    .description('trouve les professionnels en activité les plus proches d’une commune')
    .requiredOption('--profession <mot|code>', 'medecin, infirmier… ou code TRE_G15')
    .option('--speciality <mot|code>', 'spécialité : mot des fichiers de réseau ou code TRE_R38')
    .requiredOption('--commune <commune>', 'code INSEE, nom, ou nom et code postal')
    .option('--new-patients', 'seulement qui accepte de nouveaux patients, selon un réseau')
    .option('--limit <n>', 'combien (10)', wholeNumber(1, 100))
    .option('--within <km>', 'à combien de kilomètres au plus (100)', wholeNumber(1, 2000))
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, ...args } = options<Options>(command);
        const result = await ask(context, config, (operations) => operations.directoryNearest(args));
        if (json) context.output.json(result);
        else if (result.offers.length === 0) context.output.line('Personne dans ce rayon (--within).');
        else table(result.offers.map(rowOf)).forEach((line) => context.output.line(line));
        return result.offers.length ? exit.ok : exit.findings;
      }),
    );
};

/** Distance, commune, who, where, what a network says of new patients, source. */
export function rowOf(one: NearestOffer): string[] {
  const { newPatients: said } = one;
  const declared = said
    ? `${said.accepts ? 'accepte' : 'n’accepte pas'} de nouveaux patients (${said.network})`
    : '';
  return [
    `${one.km.toFixed(1)} km`,
    one.communeName ?? one.commune,
    one.name ?? one.role,
    one.structureName ?? '',
    declared,
    `${one.source}${one.asOf ? ` du ${moment(one.asOf)}` : ''}`,
  ];
}
