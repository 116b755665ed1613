import type { Command } from 'commander';
import { GatewayError } from '../fhir/error.ts';
import type { DescribedVersion, NetworkDifference, Operations } from '../operations.ts';
import { ask } from './ask.ts';
import { type CliContext, type DiffSide, exit, type Output } from './context.ts';
import { count, issueLine } from './output.ts';
import { day } from './values.ts';
import { type AddCommand, options } from './command.ts';

/** `network diff A [B]`: two files, two published versions (`id@3`), or one of them on two days. */
export const addNetworkDiff: AddCommand = (network, context, run) => {
  network
    .command('diff')
    .description(
      'compare deux descriptions : qui est entré, qui est parti, ce qui a changé, et à quelle ligne',
    )
    .argument('<a>', 'fichier, ou version publiée : RÉSEAU@3, RÉSEAU@dernier')
    .argument('[b]', 'l’autre ; sans lui, deux dates par --at')
    .option(
      '--at <date...>',
      'jour considéré (AAAA-MM-JJ) ; deux fois : l’état d’avant et celui d’après',
      days,
    )
    .action((a: string, b: string | undefined, _options: unknown, command: Command) =>
      run(async () => {
        const { config, json, at = [] } = options<{ at?: string[] }>(command);
        if ((b === undefined && at.length !== 2) || at.length > 2)
          throw usage(
            'Donner deux descriptions, ou une seule et deux dates : --at 2025-01-01 --at 2026-01-01.',
          );
        const names = [a, b ?? a];
        const published = await versionsOf(names, context, config);
        const [old, young] = names.map((name, index): DiffSide => {
          const day = at[index] ?? at[0];
          const version = published.get(name);
          return { ...(version ? { version } : { file: name }), ...(day === undefined ? {} : { at: day }) };
        }) as [DiffSide, DiffSide];
        const { differences, issues } = await context.diffNetworks(old, young, { config });
        for (const issue of issues) context.output.note(issueLine(issue));
        if (json) context.output.json({ differences, issues });
        else print(differences, context.output);
        return exit.ok;
      }),
    );
};

function days(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), day(text)];
}

/** The published versions among the names, asked of the gateway only when there are some. */
async function versionsOf(
  names: readonly string[],
  context: CliContext,
  config: string | undefined,
): Promise<Map<string, DescribedVersion>> {
  const asked = [...new Set(names)].flatMap((name) => {
    const match = /^([a-z0-9][a-z0-9-]*)@(\d+|dernier)$/.exec(name);
    return match ? [{ name, network: match[1]!, wanted: match[2]! }] : [];
  });
  if (asked.length === 0) return new Map();
  return ask(context, config, async (operations: Operations) => {
    const found = asked.map(async ({ name, network, wanted }) => {
      const versions = await operations.networkVersions({ network });
      const one =
        wanted === 'dernier' ? versions[0] : versions.find(({ version }) => `${version}` === wanted);
      if (one) return [name, one] as const;
      const known = versions.map(({ version }) => version).reverse();
      throw usage(`${network} n’a pas de version ${wanted}. Versions publiées : ${known.join(', ')}.`);
    });
    return new Map(await Promise.all(found));
  });
}

const marks: Record<NetworkDifference['kind'], string> = { joined: '+', left: '-', changed: '~' };
const verbs: Record<NetworkDifference['kind'], string> = { joined: 'entre', left: 'part', changed: '' };

function print(differences: readonly NetworkDifference[], output: Output): void {
  for (const { kind, path, name, from, to, before, after } of differences) {
    const what =
      kind === 'changed' ? ` : ${from || '∅'} → ${to || '∅'}` : ` ${verbs[kind]}${name ? ` : ${name}` : ''}`;
    const places = [before, after].filter(Boolean).join(' → ');
    output.line(`${marks[kind]} ${path.join(' › ')}${what}${places ? `  (${places})` : ''}`);
  }
  const of = (kind: NetworkDifference['kind']): number =>
    differences.filter((one) => one.kind === kind).length;
  output.line(
    differences.length === 0
      ? 'Aucune différence.'
      : `${count(of('joined'), 'entrée')}, ${count(of('left'), 'départ')}, ${count(of('changed'), 'changement')}.`,
  );
}

function usage(message: string): GatewayError {
  return new GatewayError({ category: 'invalid', side: 'sender', message });
}
