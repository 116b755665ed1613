import type { Command } from 'commander';
import { countText } from '../directory/share/findings.ts';
import type { Share } from '../directory/share/types.ts';
import { GatewayError } from '../fhir/error.ts';
import type { MatchDecisionArguments, MatchResult, ToldMatch } from '../directory/told.ts';
import { ask } from './ask.ts';
import { type AddCommand, options } from './command.ts';
import { exit, type Output } from './context.ts';
import { count, issueLine } from './output.ts';
import { french } from './words.ts';

type Options = { network?: string; all?: boolean; accept?: string; refuse?: string; undo?: string };

/** `directory match`: who of the networks is who in the directory, what is wrong, and what a person decides of it. */
export const addDirectoryMatch: AddCommand = (directory, context, run) => {
  directory
    .command('match')
    .description('rapproche les réseaux de l’annuaire : numéros d’abord, puis propositions à décider')
    .option('--network <id>', 'un seul réseau')
    .option('--all', 'montre aussi ce qui est rapproché')
    .option('--accept <n/clé>', 'retient la fiche pour l’élément n de la liste')
    .option('--refuse <n/clé>', 'écarte la fiche pour l’élément n, pour toujours')
    .option('--undo <n/clé>', 'défait la décision')
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { config, json, network, all = false, ...decisions } = options<Options>(command);
        const scope = network === undefined ? {} : { network };
        const decision = decisionOf(decisions);
        if (decision) {
          const made = await ask(context, config, (operations) =>
            operations.directoryDecide({ ...decision, ...scope }),
          );
          if (json) context.output.json(made);
          else context.output.line(`${done[decision.decision]} : ${made.item} et ${made.key}.`);
          return exit.ok;
        }
        const result = await ask(context, config, (operations) => operations.directoryMatch(scope));
        if (json) context.output.json(result);
        else print(result, context.output, all);
        const open = result.matches.some(({ status }) => status === 'proposed' || status === 'ambiguous');
        return open || result.findings.some(({ tolerated }) => !tolerated) ? exit.findings : exit.ok;
      }),
    );
};

const done = { accept: 'Retenu', refuse: 'Écarté', undo: 'Décision défaite' } as const;

/** `N/KEY`: the key may hold slashes itself. Throws `invalid`. */
function decisionOf(given: Pick<Options, 'accept' | 'refuse' | 'undo'>): MatchDecisionArguments | undefined {
  const made = (['accept', 'refuse', 'undo'] as const).filter((name) => given[name] !== undefined);
  const [decision] = made;
  if (!decision) return undefined;
  const [, n, key] = /^([1-9][0-9]{0,5})\/(.+)$/.exec(given[decision]!) ?? [];
  if (made.length === 1 && n !== undefined && key !== undefined) return { decision, n: Number(n), key };
  throw new GatewayError({
    category: 'invalid',
    side: 'sender',
    message: 'Une décision à la fois, écrite numéro/clé comme la liste les donne : --accept 3/F990780017.',
  });
}

function print(
  { matches, findings, shares, issues, ruleVersion }: MatchResult,
  output: Output,
  all: boolean,
): void {
  for (const issue of issues) output.error(issueLine(issue));
  let network = '';
  for (const one of matches.filter(({ status }) => all || status === 'proposed' || status === 'ambiguous')) {
    if (one.network !== network) output.line(one.network);
    network = one.network;
    for (const line of matchLines(one)) output.line(`  ${line}`);
  }
  if (shares.length) output.line('Part des spécialistes libéraux du territoire');
  for (const one of shares) output.line(`  ${shareLine(one)}`);
  const tolerated = findings.filter((one) => one.tolerated).length;
  const shown = findings.filter((one) => all || !one.tolerated);
  if (shown.length) output.line('Anomalies');
  for (const one of shown) {
    output.line(`  ${one.place ?? one.network}  ${one.name} : ${one.message}`);
    if (one.wrong !== undefined)
      output.line(`      ${one.wrong}${one.proposed === undefined ? '' : ` → ${one.proposed}`}`);
  }
  const settled = matches.filter(({ status }) => status === 'matched' || status === 'accepted').length;
  const open = matches.filter(({ status }) => status === 'proposed' || status === 'ambiguous').length;
  output.line(
    `${count(matches.length, 'élément')}, ${settled} rapproché(s), ${open} à décider, ${count(findings.length, 'anomalie')}${tolerated ? `, dont ${tolerated} tolérée(s)` : ''} ` +
      `(règles ${ruleVersion}).`,
  );
}

function matchLines({ n, name, status, key, by, place, proposals }: ToldMatch): string[] {
  const how =
    key === undefined ? french(status) : `${french(status)} ${key}${by === undefined ? '' : ` par ${by}`}`;
  return [
    `${n}. ${name}  [${how}]${place === undefined ? '' : `  ${place}`}`,
    ...proposals.map(
      (one) =>
        `     ${String(one.score).padStart(3)}  ${one.key}  ${one.name} (${one.source}) : ${one.reasons.join(', ')}`,
    ),
  ];
}

function shareLine({ name, speciality, counted, declared }: Share): string {
  const said = declared ? ` ; le fichier dit ${countText('', declared).slice(3)}` : '';
  if (!counted) return `${name}, ${speciality.text} : l’annuaire ne permet pas de compter${said}.`;
  const percent = Math.round((100 * counted.members) / counted.territory);
  return `${name}, ${countText(speciality.text, counted)}, soit ${percent} %${said}.`;
}
