import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { TimelineEntry } from '../referral-operations.ts';
import { ask } from './ask.ts';
import { exit } from './context.ts';
import { readInput } from './input-file.ts';
import { table } from './output.ts';
import { french, moment } from './words.ts';
import { type AddCommand, options } from './command.ts';

/** `document build|send|show`. */
export const addDocument: AddCommand = (program, context, run) => {
  const document = program.command('document').description('documents : envoi, suivi');
  document
    .command('send')
    .description('dépose un document FHIR, ou le compose d’après un contenu structuré')
    .requiredOption('--file <fichier>', 'Bundle document (.json) ou contenu structuré (.yaml)')
    .requiredOption('--client <id>', 'client de la configuration')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, file, client } = options<{ file: string; client: string }>(command);
        const text = await readInput(file);
        const content = { text, file };
        const answer = await ask(context, config, (operations) =>
          operations.documentSend({ document: content, client }),
        );
        context.output.json(answer);
        return exit.ok;
      }),
    );
  document
    .command('build')
    .description('compose le document FHIR d’après un contenu structuré, sans passerelle ni envoi')
    .argument('<fichier>', 'contenu structuré (.yaml)')
    .requiredOption('-o, --output <fichier>', 'Bundle à envoyer (.json)')
    .option('--pdf <fichier>', 'et son PDF')
    .action((file: string, _options: unknown, command: Command) =>
      run(async () => {
        const { output, pdf } = options<{ output: string; pdf?: string }>(command);
        const built = await context.buildDocument(await readInput(file), file);
        await writeFile(output, built.bundle);
        if (pdf) await writeFile(pdf, built.pdf);
        return exit.ok;
      }),
    );
  document
    .command('show')
    .description('dit à qui un document a été remis, et quand')
    .argument('<id>', 'identifiant du document, comme referral show le donne')
    .option('--client <id>', 'dit si ce client de la configuration peut le lire')
    .action((id: string, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, client } = options<{ client?: string }>(command);
        const args = { id, ...(client === undefined ? {} : { client }) };
        const answer = await ask(context, config, (operations) => operations.documentShow(args));
        if (json) context.output.json(answer);
        else told(answer as Shown).forEach((line) => context.output.line(line));
        return exit.ok;
      }),
    );
};

type Shown = {
  id: string;
  status: string;
  referralId: string | null;
  deliveries: { server: string; at: string; sameBytes: boolean | null }[];
  timeline: TimelineEntry[];
  made: { id: string; status: string; size: number }[];
  readers: { who: string; ground: string }[];
  client?: { id: string; reads: boolean; why?: string };
};

/** Where an event of the ledger took place, a server or a mailbox, or what the document was judged by. */
function placeOf({ detail }: TimelineEntry): string {
  const { server = '', mailbox, mapping } = (detail ?? {}) as Record<string, string | undefined>;
  return mailbox ?? (mapping ? `correspondances ${mapping}` : server);
}

function told({ id, status, referralId, deliveries, timeline, made, readers, client }: Shown): string[] {
  const same = (sameBytes: boolean | null): string =>
    sameBytes === null
      ? 'non relu : le serveur ne répond pas'
      : sameBytes
        ? 'relu, identique'
        : 'relu, DIFFÉRENT';
  const rows = deliveries.map((one) => [one.server, `remis ${moment(one.at)}`, same(one.sameBytes)]);
  return [
    `${id}  ${french(status)}${referralId ? `  adressage ${referralId}` : ''}`,
    ...(rows.length ? table(rows).map((row) => `  ${row}`) : ['  Pas encore remis à un serveur.']),
    ...made.map((one) => `  ${french(one.status)} : ${one.id}, ${one.size} octets`),
    '  Peuvent le lire, si le consentement du patient le permet encore (l’auteur dans tous les cas) :',
    ...table(readers.map(({ who, ground }) => [french(ground), who])).map((row) => `    ${row}`),
    ...(client
      ? [
          `  Le client ${client.id} ${client.reads ? 'peut' : 'ne peut pas'} le lire${client.why ? ` : ${french(client.why)}` : ''}.`,
        ]
      : []),
    ...table(timeline.map((one) => [moment(one.at), french(one.kind), one.actor, placeOf(one)])).map(
      (row) => `  ${row}`,
    ),
  ];
}
