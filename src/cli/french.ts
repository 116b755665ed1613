/** What the command parser itself says, in French: titles of the help pages and mistakes of use. */
import type { Command, CommanderError, Help } from 'commander';

const titles: Readonly<Record<string, string>> = {
  'Usage:': 'Usage :',
  'Arguments:': 'Arguments :',
  'Options:': 'Options :',
  'Commands:': 'Commandes :',
};

/** Help pages with French titles; sub-commands inherit it. */
export function helpInFrench(program: Command): Command {
  return program.configureHelp({
    styleTitle: (title) => titles[title] ?? title,
    styleUsage: (usage) => usage.replace('[command]', '[commande]'),
    optionDescription: (option) =>
      option.defaultValue === undefined
        ? option.description
        : `${option.description} (défaut : ${String(option.defaultValue)})`,
  } satisfies Partial<Help>);
}

/** Sentences by the parser's code; `named` is what it quotes. */
const sentences: Readonly<Record<string, (named: string) => string>> = {
  'commander.unknownCommand': (named) => `Commande inconnue : « ${named} ».`,
  'commander.unknownOption': (named) => `Option inconnue : « ${named} ».`,
  'commander.missingArgument': (named) => `Il manque l’argument « ${named} ».`,
  'commander.optionMissingArgument': (named) => `L’option « ${named} » attend une valeur.`,
  'commander.missingMandatoryOptionValue': (named) => `Il manque l’option « ${named} ».`,
  'commander.excessArguments': () => 'Il y a trop d’arguments.',
};

/** A mistake of use, what was probably meant, and where to read on; nothing when the help page was shown instead. */
export function usageMistake(error: CommanderError): string | undefined {
  if (error.code === 'commander.help') return undefined;
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const meant = /Did you mean (?:one of )?([^?]+)\?/.exec(error.message)?.[1];
  const mistake =
    error.code === 'commander.invalidArgument'
      ? `« ${named} » : ${error.message.split('is invalid. ')[1] ?? 'valeur refusée.'}`
      : (sentences[error.code]?.(named) ?? 'Commande mal formée.');
  return [mistake, meant && `Vouliez-vous dire « ${meant} » ?`, 'Voir --help.'].filter(Boolean).join(' ');
}
