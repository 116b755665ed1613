import type { Command } from 'commander';
import type { RecordDetail, RecordSummary } from '../directory/told.ts';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';
import { count, table } from './output.ts';
import { french, moment } from './words.ts';

/** `directory find TEXT|IDENTIFIER` and `directory show KEY`. */
export const addDirectoryFind: AddCommand = (directory, context, run) => {
  directory
    .command('find')
    .description(
      'cherche une fiche par numéro (FINESS, SIREN, SIRET, RPPS, idNatSt…) ou par les mots de son nom',
    )
    .argument('<texte...>', 'numéro, ou mots du nom')
    .option('--commune <commune>', 'dans cette commune : code INSEE ou nom')
    .action((words: string[], _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, commune } = options<{ commune?: string }>(command);
        const args = { text: words.join(' '), ...(commune === undefined ? {} : { commune }) };
        const found = await ask(context, config, (operations) => operations.directoryFind(args));
        if (json) context.output.json(found);
        else if (found.length === 0) context.output.line('Aucune fiche.');
        else {
          table(found.map(rowOf)).forEach((line) => context.output.line(line));
          context.output.line(count(found.length, 'fiche'));
        }
        return found.length ? exit.ok : exit.findings;
      }),
    );
  directory
    .command('show')
    .description('montre tout ce que les sources disent d’une fiche, son histoire et sa succession')
    .argument('<clé>', 'clé, comme directory find la donne, ou numéro')
    .action((key: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json } = options(command);
        const detail = await ask(context, config, (operations) => operations.directoryShow({ key }));
        if (json) context.output.json(detail);
        else for (const line of told(detail)) context.output.line(line);
        return exit.ok;
      }),
    );
};

function rowOf({ key, kind, state, source, commune, name }: RecordSummary): string[] {
  return [key, kind, french(state), source, commune ?? '', name];
}

function told({ records, history, succeededBy, roles }: RecordDetail): string[] {
  const of = (record: RecordDetail['records'][number]): string[] => [
    `${record.key}  ${record.kind}  ${french(record.state)}  source ${record.source}${record.asOf ? ` du ${moment(record.asOf)}` : ''}`,
    `  ${record.name}${record.commune ? `, commune ${record.commune}` : ''}`,
    ...(record.firstSeen
      ? [
          `  tenue depuis le ${moment(record.firstSeen)}${record.lastSeen ? `, vue en dernier le ${moment(record.lastSeen)}` : ''}`,
        ]
      : []),
    ...(record.identifiers.length ? [`  autres numéros : ${record.identifiers.join(' ')}`] : []),
    ...(record.succeeds ? [`  succède à ${record.succeeds}`] : []),
  ];
  return [
    ...records.flatMap(of),
    ...succeededBy.map((key) => `  remplacée par ${key}`),
    ...(roles.length ? ['Activités', ...table(roles.map(rowOf)).map((line) => `  ${line}`)] : []),
    ...(history.length ? ['Histoire'] : []),
    ...history.map(
      ({ run, source, op, at }) => `  ${at ? moment(at) : ''}  passage ${run}  ${source}  ${french(op)}`,
    ),
  ];
}
