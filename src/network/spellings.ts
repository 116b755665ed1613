/**
 * One establishment under two names, or two under nearly one: put as a question to the people of the network, with both
 * places, never settled by names (pitfall 44). Their answers (`doublons:`) end the question.
 */
import { formatPosition, type Issue, type Position } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import { isObject, textOf } from '../mapping/compilation.ts';
import { locate } from '../mapping/locate.ts';
import { checkDigitOf } from './schema-compiler.ts';
import { apart, decisionsField } from './decisions.ts';
import { quoted } from './fault.ts';
import { itemsAt } from './items.ts';
import type { Network } from './network.ts';
import { nearlySame, wordsOf } from './same-name.ts';
import { slugOf } from './slug.ts';

type Named = { id: string; name: string; words: string[]; finess: string; place: string; position: Position };

/** In a bigger group only the same words count: comparing all with all would take too long. */
const maxGroup = 200;

/** The questions a network raises, each once, at the later of both places. */
export function spellingIssues(network: Network): Issue[] {
  const decided = decisionsApart(network.data);
  return Object.keys(network.data).flatMap((list) => {
    const all = itemsAt(network.data, list).flatMap(({ pointer, value }): Named[] => {
      const [name, finess] = [textOf(value['nom']), textOf(value['finess'])];
      if (name === '' || finess === '') return [];
      const place = textOf(value['code_postal']) || slugOf(textOf(value['ville']));
      const position = locate(network, `${pointer}/nom`);
      return [{ id: textOf(value['id']), name, words: wordsOf(name), finess, place, position }];
    });
    const open = (a: Named, b: Named): boolean => !shareOne(decided.get(a.id), decided.get(b.id));
    return [...oneNumberTwoNames(all, open), ...twoNumbersOneName(all, open)];
  });
}

type Open = (a: Named, b: Named) => boolean;

function oneNumberTwoNames(all: readonly Named[], open: Open): Issue[] {
  const first = new Map<string, Named>();
  return all.flatMap((one): Issue[] => {
    const known = first.get(one.finess);
    if (!known) first.set(one.finess, one);
    if (!known || slugOf(known.name) === slugOf(one.name) || !open(known, one)) return [];
    const message =
      `Le FINESS ${one.finess} porte deux noms : ${quoted(one.name)} et ${quoted(known.name)} (${formatPosition(known.position)}). ` +
      'Est-ce un seul établissement ? Si oui, écrivez un seul nom ; sinon, corrigez l’un des numéros.';
    return [question(one, message, 'warning')];
  });
}

function twoNumbersOneName(all: readonly Named[], open: Open): Issue[] {
  const groups = Map.groupBy(all, ({ place }) => place);
  return [...groups.values()].flatMap((group) =>
    candidates(group).flatMap(([a, b]): Issue[] => {
      if (a.finess === b.finess || !open(a, b)) return [];
      const where = a.place === '' ? '' : ', au même endroit';
      const message =
        `${quoted(b.name)} et ${quoted(a.name)} (${formatPosition(a.position)})${where} : un seul établissement sous deux FINESS ? ` +
        `Répondez par « ${decisionsField}: » : distincts: [${a.id}, ${b.id}] ou identiques: [${a.id}, ${b.id}].`;
      const doubtful = [a, b].some(({ finess }) => checkDigitOf('finess', finess) !== true);
      return [question(b, message, doubtful ? 'warning' : 'information')];
    }),
  );
}

/** Pairs whose names are nearly the same, the earlier first. */
function candidates(group: readonly Named[]): [Named, Named][] {
  if (group.length > maxGroup) {
    const same = Map.groupBy(group, ({ words }) => words.join(' '));
    return [...same.values()].flatMap(([first, ...others]) =>
      others.map((one): [Named, Named] => [first!, one]),
    );
  }
  return group.flatMap((a, index) =>
    group.slice(index + 1).flatMap((b): [Named, Named][] => (nearlySame(a.words, b.words) ? [[a, b]] : [])),
  );
}

function question({ position }: Named, message: string, severity: 'warning' | 'information'): Issue {
  return { severity, code: 'multiple-matches', message, source: position, rule: 'two-spellings' };
}

/** By id, the decisions (their numbers in the file) that say it is another establishment than all others they name. */
function decisionsApart(data: JsonObject): Map<string, Set<number>> {
  const decided = new Map<string, Set<number>>();
  for (const [number, { value }] of itemsAt(data, decisionsField).entries()) {
    const ids = isObject(value) && Array.isArray(value[apart]) ? value[apart].map(textOf) : [];
    for (const id of ids) {
      const known = decided.get(id);
      if (known) known.add(number);
      else decided.set(id, new Set([number]));
    }
  }
  return decided;
}

function shareOne(some: ReadonlySet<number> | undefined, others: ReadonlySet<number> | undefined): boolean {
  return some !== undefined && others !== undefined && [...some].some((one) => others.has(one));
}
