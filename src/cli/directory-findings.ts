import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { KeptFinding, TolerateArguments } from '../directory/told.ts';
import { writeCsv } from '../tabular/write-csv.ts';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit } from './context.ts';
import { count } from './output.ts';
import { day } from './values.ts';
import { french } from './words.ts';

type Listing = { state?: string; format?: 'csv' | 'json'; output?: string };
type Tolerating = Pick<TolerateArguments, 'kind' | 'reason' | 'until' | 'undo'>;

/** `directory findings` and `directory tolerate KEY`: what is wrong between networks and the directory, and what may stay so. */
export const addDirectoryFindings: AddCommand = (directory, context, run) => {
  directory
    .command('findings')
    .description('liste ou exporte les anomalies du dernier rapprochement de tous les réseaux')
    .addOption(new Option('--state <état>', 'seulement celles-ci').choices(['open', 'tolerated', 'gone']))
    .addOption(
      new Option('--format <format>', 'pour un tableur (csv) ou un programme (json)').choices([
        'csv',
        'json',
      ]),
    )
    .option('-o, --output <fichier>', 'écrit dans ce fichier (csv, sauf --format json)')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, state, format, output } = options<Listing>(command);
        const asked = state === undefined ? {} : { state };
        const found = await ask(context, config, (operations) => operations.directoryFindings(asked));
        const kind = format ?? (json ? 'json' : output === undefined ? undefined : 'csv');
        if (output !== undefined) {
          await writeFile(output, kind === 'json' ? `${JSON.stringify(found, null, 2)}\n` : csvOf(found));
          context.output.line(`${output} : ${count(found.length, 'anomalie')}.`);
        } else if (kind === 'json') context.output.json(found);
        else if (kind === 'csv') context.output.line(textOf(csvOf(found)));
        else for (const line of listed(found)) context.output.line(line);
        return found.some((one) => one.state === 'open') ? exit.findings : exit.ok;
      }),
    );
  directory
    .command('tolerate')
    .description('laisse une anomalie de côté jusqu’à une date, avec une raison ; --undo le défait')
    .argument('<clé>', 'numéro de la structure ou de la personne, comme directory findings le donne')
    .option('--kind <genre>', 'genre de l’anomalie, quand il y en a plusieurs sous ce numéro')
    .option('--reason <texte>', 'pourquoi')
    .option('--until <date>', 'dernier jour où elle est tolérée (AAAA-MM-JJ)', day)
    .option('--undo', 'défait la tolérance')
    .action((key: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, kind, reason, until, undo } = options<Tolerating>(command);
        const asked: TolerateArguments = {
          key,
          ...(kind === undefined ? {} : { kind }),
          ...(reason === undefined ? {} : { reason }),
          ...(until === undefined ? {} : { until }),
          ...(undo ? { undo } : {}),
        };
        const finding = await ask(context, config, (operations) => operations.directoryTolerate(asked));
        if (json) context.output.json(finding);
        else for (const line of lines(finding)) context.output.line(line);
        return exit.ok;
      }),
    );
};

const columns: readonly [string, (one: KeptFinding) => string][] = [
  ['Genre', ({ kind }) => kind],
  ['Gravité', ({ severity }) => french(severity)],
  ['État', ({ state }) => french(`finding-${state}`)],
  ['Ressource', ({ type }) => type],
  ['Numéro', ({ key }) => key.slice(key.indexOf('|') + 1)],
  ['Anomalie', ({ message }) => message],
  ['Élément', ({ expression }) => expression],
  ['Selon le réseau', ({ wrong }) => wrong ?? ''],
  ['Selon l’annuaire', ({ proposed }) => proposed ?? ''],
  ['Thème (TRE_R350)', ({ theme }) => theme],
  ['Action (TRE_R349)', ({ action }) => action],
  ['Réseaux', ({ networks }) => networks.map(({ network }) => network).join(', ')],
  ['Fichiers', ({ networks }) => networks.flatMap(({ place }) => place ?? []).join(', ')],
  ['Vue la première fois', ({ firstSeen }) => firstSeen.slice(0, 10)],
  ['Vue la dernière fois', ({ lastSeen }) => lastSeen.slice(0, 10)],
  ['Tolérée jusqu’au', ({ tolerated }) => tolerated?.until ?? ''],
  ['Raison', ({ tolerated }) => tolerated?.reason ?? ''],
  ['Tolérée par', ({ tolerated }) => tolerated?.actor ?? ''],
];

function csvOf(findings: readonly KeptFinding[]): Uint8Array {
  return writeCsv(
    columns.map(([name]) => name),
    findings.map((one) => columns.map(([, cell]) => cell(one))),
  );
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trimEnd();
}

function listed(findings: readonly KeptFinding[]): string[] {
  const open = findings.filter(({ state }) => state === 'open').length;
  const tolerated = findings.filter(({ state }) => state === 'tolerated').length;
  const sum = `${count(findings.length, 'anomalie')} : ${open} ouverte(s), ${tolerated} tolérée(s).`;
  return [...findings.flatMap(lines), sum];
}

function lines({ key, kind, state, message, wrong, proposed, networks, tolerated }: KeptFinding): string[] {
  return [
    `${key.slice(key.indexOf('|') + 1)}  ${kind}  [${french(`finding-${state}`)}]  ${networks.map(({ network, place }) => place ?? network).join(', ')}`,
    `    ${message}`,
    ...(wrong === undefined ? [] : [`    ${wrong}${proposed === undefined ? '' : ` → ${proposed}`}`]),
    ...(tolerated ? [`    tolérée jusqu’au ${tolerated.until} : ${tolerated.reason}`] : []),
  ];
}
