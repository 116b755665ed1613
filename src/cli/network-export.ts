import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { GatewayError } from '../fhir/error.ts';
import type { ExportedList, WantedList } from '../network/export-list.ts';
import { writeCsv } from '../tabular/write-csv.ts';
import { writeXlsx } from '../tabular/write-xlsx.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';
import { count } from './output.ts';
import { day } from './values.ts';

type Wanted = { output?: string; format?: 'csv' | 'xlsx'; network?: string } & WantedList;

/** `network export NETWORK`: one of its lists as a spreadsheet file, which a network file can name as its list again. */
export const addNetworkExport: AddCommand = (network, context, run) => {
  network
    .command('export')
    .description('écrit une liste d’un réseau (membres, établissements…) pour un tableur')
    .argument('<fichier>', 'fichier de réseau')
    .addOption(
      new Option('--format <format>', 'format (défaut : celui du fichier, ou csv)').choices(['csv', 'xlsx']),
    )
    .option('-o, --output <fichier>', 'écrit dans ce fichier (.csv ou .xlsx)')
    .option('--at <date>', 'seulement ce qui est en vigueur ce jour (AAAA-MM-JJ)', day)
    .option('--network <id>', 'dans une table de réseaux : celui-ci seulement')
    .option('--list <nom>', 'liste (défaut : la première qui a des éléments)')
    .action((file: string, _options: unknown, command: Command) =>
      run(async () => {
        const { output, format, at, list, network: id, config, json } = options<Wanted>(command);
        const exported = await context.exportList(file, {
          config,
          ...(id === undefined ? {} : { network: id }),
          ...(list === undefined ? {} : { list }),
          ...(at === undefined ? {} : { at }),
        });
        const { list: name, rows, left } = exported;
        if (left.length > 0) context.output.note(`Sans colonne possible, non exporté : ${left.join(', ')}.`);
        const kind = format ?? (output?.toLowerCase().endsWith('.xlsx') ? 'xlsx' : 'csv');
        if (output === undefined) {
          if (json) context.output.json(objects(exported));
          else if (kind === 'csv') context.output.line(csvText(exported));
          else return refuse(context.output);
          return exit.ok;
        }
        await write(output, bytesOf(exported, kind));
        if (json) context.output.json({ file: output, format: kind, list: name, rows: rows.length });
        else context.output.line(`${output} : ${count(rows.length, 'ligne')} de la liste « ${name} ».`);
        return exit.ok;
      }),
    );
};

function refuse(output: { error(text: string): void }): number {
  output.error('Un classeur ne s’affiche pas : donnez un fichier, -o liste.xlsx.');
  return exit.usage;
}

function bytesOf({ list, columns, rows, days }: ExportedList, format: 'csv' | 'xlsx'): Uint8Array {
  return format === 'csv' ? writeCsv(columns, rows) : writeXlsx(list, columns, rows, days);
}

/** Without its byte order mark, for a terminal or a pipe. */
function csvText({ columns, rows }: ExportedList): string {
  return new TextDecoder().decode(writeCsv(columns, rows)).trimEnd();
}

function objects({ columns, rows }: ExportedList): Record<string, string>[] {
  return rows.map((row) =>
    Object.fromEntries(row.flatMap((text, index) => (text === '' ? [] : [[columns[index]!, text]]))),
  );
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes).catch((cause: unknown) => {
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: `Écriture impossible : ${file}`,
      cause,
    });
  });
}
