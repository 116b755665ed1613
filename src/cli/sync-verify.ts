import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { publicHalf } from '../directory/report/key.ts';
import type { ReportSignature } from '../directory/report/types.ts';
import { maxReportBytes, type Verification, verifyReport } from '../directory/report/verify.ts';
import { GatewayError, isGatewayError } from '../fhir/error.ts';
import { type AddCommand, options } from './command.ts';
import { exit, type Output } from './context.ts';
import { parseJson, readInput } from './input-file.ts';

/** `sync verify REPORT`: chain of pages and signature, without any gateway. 0 it holds, 1 it does not, 2 it cannot be read. */
export const addSyncVerify: AddCommand = (group, context, run) => {
  group
    .command('verify')
    .description('vérifie un rapport : chaîne des pages, comptes, signature ; dit ce qui ne tient pas')
    .argument('<rapport>', 'fichier JSON d’un rapport')
    .option(
      '--key <clé>',
      'clé attendue : son empreinte, ou un fichier (JSON, comme « sync key --json » la donne)',
    )
    .action((file: string, _options: unknown, command: Command) =>
      run(async () => {
        const { key, json } = options<{ key?: string }>(command);
        const verified = await verifyWith(file, key).catch((error: unknown) => {
          if (!isGatewayError(error)) throw error;
          context.output.error(error.message);
          return undefined;
        });
        if (!verified) return exit.usage;
        if (json) context.output.json({ ...verified, report: undefined });
        else print(file, verified, context.output);
        return verified.faults.length ? exit.findings : exit.ok;
      }),
    );
};

/** Throws `invalid` for a file or a key that cannot be read: wrong use, not a report that fails. */
async function verifyWith(file: string, key: string | undefined): Promise<Verification> {
  return verifyFile(file, key === undefined ? undefined : await thumbprintOf(key));
}

/** A file far too large is no report: nothing of it is read. */
async function verifyFile(file: string, expected: string | undefined): Promise<Verification> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > maxReportBytes)
    return {
      faults: [`Plus de ${maxReportBytes / 1024 / 1024} Mio : ce n’est pas un rapport.`],
      pinned: expected !== undefined,
    };
  return verifyReport(await readInput(file), expected);
}

/** Throws `invalid` (side: sender) for what is neither a thumbprint nor the file of a key. */
async function thumbprintOf(given: string): Promise<string> {
  if (/^[A-Za-z0-9_-]{43}$/.test(given)) return given;
  const text = await readFile(given, 'utf8').catch(() => undefined);
  const read = text === undefined ? undefined : (parseJson(text, given) as Partial<ReportSignature> | null);
  const key = (read?.key ?? read) as ReportSignature['key'] | null | undefined;
  if (key?.kty === 'OKP' && key.crv === 'Ed25519' && typeof key.x === 'string')
    return (await publicHalf(key)).thumbprint;
  throw new GatewayError({
    category: 'invalid',
    side: 'sender',
    message: '--key attend une empreinte (43 caractères) ou le fichier d’une clé publique Ed25519 (JWK).',
  });
}

function print(file: string, { faults, thumbprint, pinned, report }: Verification, output: Output): void {
  for (const fault of faults) output.line(`${file} : ${fault}`);
  if (faults.length) return void output.line('Le rapport ne tient pas.');
  const { source, run, chain } = report!;
  output.line(
    `${file} : passage ${run} de ${source.id}, ${chain.pages} page(s), ${chain.rows} ligne(s), chaîne et signature exactes.`,
  );
  output.line(
    pinned
      ? `Signé par la clé attendue (${thumbprint}).`
      : `Signé par la clé ${thumbprint} : comparez-la à « sync key », ou donnez-la par --key.`,
  );
}
