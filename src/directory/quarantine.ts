/** Records under the ids of others, in words; and the keys that a run left open. */
import type { Issue } from '../fhir/issue.ts';
import type { AmbiguousKey } from '../store/directory-pick.ts';
import type { Quarantined } from '../store/directory-quarantine.ts';
import { shortKey } from './keys.ts';
import type { RunSummary } from './run-summary.ts';

const words: Readonly<Record<Quarantined['rule'], string>> = {
  takeover:
    'portent un autre identifiant sous un id que la source donnait à une fiche tenue : rien n’en est repris, ce qui est tenu reste ; ' +
    'à vérifier avec celui qui tient l’annuaire.',
  contested:
    'sont dites sous un second id, sans que le premier soit supprimé : rien n’en est repris, ce qui est tenu reste ; ' +
    'le prochain passage relit tout.',
};

/** One issue a rule and kind; the run lists the keys as ambiguous. */
export function quarantineIssues(quarantined: readonly Quarantined[]): Issue[] {
  const counts = new Map<string, { rule: Quarantined['rule']; kind: string; count: number }>();
  for (const { rule, kind } of quarantined) {
    const name = `${rule} ${kind}`;
    counts.set(name, { rule, kind, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ rule, kind, count }) => ({
    ...{ severity: 'error', code: 'conflict', rule, expression: `${kind}.identifier` },
    message: `${count} fiche(s) ${kind} ${words[rule]}`,
  }));
}

/** Keys that a run left as they were held, as they are stored. */
export function ambiguousIn({ ambiguous = [] }: RunSummary): AmbiguousKey[] {
  return ambiguous.map((name) => {
    const space = name.indexOf(' ');
    return { kind: name.slice(0, space), key: shortKey(name.slice(space + 1)) };
  });
}
