import { allAliases } from './aliases.ts';
import { similarity, wordsOf } from './names.ts';
import type { Candidate, MatchItem, MatchRules, Proposal } from './types.ts';

/**
 * How well a record fits an item by name, inside a commune that both have; undefined outside it or below the least score.
 * Never a hundred: a name proves nothing (P-44). What agrees more scores no less.
 */
export function proposalOf(item: MatchItem, candidate: Candidate, rules: MatchRules): Proposal | undefined {
  if (item.kind !== candidate.kind) return undefined;
  const commune = item.communes.find((code) => candidate.communes.includes(code));
  if (commune === undefined) return undefined;
  const { points } = rules;
  const reasons: string[] = [];
  let score = 0;
  const add = (value: number, reason: string): void => {
    if (value <= 0) return;
    score += value;
    reasons.push(`${reason} (+${Math.round(value)})`);
  };
  if (item.family !== undefined && item.given !== undefined) {
    add(points.family * part(item.family, candidate.name, rules), 'nom de famille');
    add(points.given * part(item.given, candidate.name, rules), 'prénom');
  } else {
    const like = similarity(item.name, candidate.name, rules);
    add(points.name * like, like === 1 ? 'même nom' : `nom proche à ${Math.round(100 * like)} %`);
  }
  add(points.commune, `même commune ${commune}`);
  const category = item.kind === 'Organization';
  if (item.codes.some((code) => candidate.codes.includes(code)))
    add(
      category ? points.category : points.profession,
      category ? 'même catégorie' : 'même profession ou spécialité',
    );
  const places = new Set(allAliases(candidate.workplaces));
  if (allAliases(item.workplaces).some((place) => places.has(place)))
    add(points.workplace, 'même lieu d’exercice');
  if (candidate.state !== 'active') {
    score -= rules.closed;
    reasons.push(`hors service selon l’annuaire (−${rules.closed})`);
  }
  const rounded = Math.min(99, Math.max(0, Math.round(score)));
  return rounded < rules.least ? undefined : { candidate, score: rounded, reasons };
}

/** Share, 0–1, of the words of a part of a person's name that stand in the record's name. */
function part(of: string, name: string, rules: MatchRules): number {
  const wanted = wordsOf(of, rules);
  const there = new Set(wordsOf(name, rules));
  return wanted.length === 0 ? 0 : wanted.filter((word) => there.has(word)).length / wanted.length;
}
