import type { Command } from 'commander';
import type { Drift, ReconcileResult } from '../operations.ts';
import { ask } from './ask.ts';
import { exit, type Output } from './context.ts';
import { count } from './output.ts';
import { french, moment } from './words.ts';
import { type AddCommand, options } from './command.ts';

/** `reconcile`: what the servers say against what was written there, and every accepted item against its receipts. */
export const addReconcile: AddCommand = (program, context, run) => {
  program
    .command('reconcile')
    .description('cherche les écarts chez les hôpitaux et les envois sans accusé')
    .option('--server <id>', 'un seul serveur')
    .option('--repair', 'remet en place ce qui est à nous')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, server, repair } = options<{ server?: string; repair?: boolean }>(command);
        const args = { ...(server ? { server } : {}), ...(repair ? { repair } : {}) };
        const result = await ask(context, config, (operations) => operations.reconcile(args));
        if (json) context.output.json(result);
        else printReconcile(result, context.output);
        if (result.servers.some((one) => one.error)) return exit.unreachable;
        const open = result.drift.some((drift) => drift.state === 'open') || result.clinical.length > 0;
        return open ? exit.findings : exit.ok;
      }),
    );
};

const kinds: Record<Drift['kind'], string> = {
  changed: 'modifiée par un tiers',
  deleted: 'supprimée',
  missing: 'absente',
  twin: 'doublon étranger',
};

/** The result for people. */
export function printReconcile(result: ReconcileResult, output: Output): void {
  for (const server of result.servers) {
    output.line(`${server.server} : ${server.error ?? compared(server)}`);
  }
  for (const drift of result.drift) {
    const state = drift.state === 'repaired' ? 'remise en place' : 'ouvert';
    output.line(`  ${drift.server}  ${drift.type}/${drift.localId}  ${kinds[drift.kind]}  [${state}]`);
    for (const field of drift.fields)
      output.line(`      ${field.path} : ${field.before || '∅'} → ${field.after || '∅'}`);
  }
  for (const gap of result.clinical) {
    output.line(
      `  adressage ${gap.referral} → ${gap.server} : ${french(gap.kind)}, ${gap.reason}${gap.until ? ` (jusqu’au ${moment(gap.until)})` : ''}`,
    );
  }
  const open = result.drift.filter((drift) => drift.state === 'open').length;
  output.line(
    result.drift.length || result.clinical.length
      ? `${result.drift.length} écart(s), dont ${open} ouvert(s) ; ${result.clinical.length} envoi(s) sans accusé.`
      : result.servers.some(({ error }) => error)
        ? 'Aucun écart là où la passerelle a pu relire ; un serveur au moins n’a pas répondu.'
        : 'Aucun écart, tous les envois ont leur accusé.',
  );
}

function compared({ checked }: ReconcileResult['servers'][number]): string {
  if (checked === 0) return 'rien n’y est encore publié, rien à comparer';
  return `${count(checked, 'ressource')} relue(s) et comparée(s)`;
}
