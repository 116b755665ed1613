/** Sections of a report's page: what changed, what was wrong, the brake, the pages. */
import { htmlTable } from './html-table.ts';
import { certaintyName, kindName } from './html-words.ts';
import type { SyncReport } from './types.ts';

/** Pages shown at each end of a long list; the JSON holds them all. */
const shownPages = 200;

export function changesSection({ changes, deletions, ambiguous = [] }: SyncReport): string {
  return `<h2>Changements</h2>
${htmlTable(
  'Enregistrements par type',
  ['Type', 'Créés', 'Changés', 'Fermés', 'Disparus', 'Rouverts', 'Renommés', 'Absents une fois', 'Ambigus'],
  changes.map(({ kind, created, changed, closed, vanished, reopened, moved, missed, ambiguous }) => [
    kindName(kind),
    created,
    changed,
    closed,
    vanished,
    reopened,
    moved,
    missed,
    ambiguous,
  ]),
)}
<p>Renommés : seul l’identifiant technique de la source a changé. Absents une fois : rien n’en est encore déduit. Ambigus : plusieurs contenus pour un identifiant, laissés tels quels.</p>
${htmlTable(
  'Certitude des fermetures',
  ['Type', 'Combien', 'Sur quoi elle repose'],
  deletions.map(({ kind, certainty, count, readings }) => [
    kindName(kind),
    count,
    certaintyName(certainty, readings),
  ]),
)}${ambiguousTable(ambiguous)}`;
}

/** Each to be told apart at its source: until then the record stays as it was held. */
function ambiguousTable(keys: readonly string[]): string {
  if (keys.length === 0) return '';
  return `
${htmlTable(
  'Identifiants ambigus (les cent premiers)',
  ['Type', 'Identifiant'],
  keys.map((one) => [kindName(one.slice(0, one.indexOf(' '))), one.slice(one.lastIndexOf('|') + 1)]),
)}`;
}

const severities: Readonly<Record<string, string>> = {
  fatal: 'faute',
  error: 'faute',
  warning: 'avertissement',
  information: 'note',
};

export function issuesSection({ issues }: SyncReport): string {
  return `<h2>Anomalies</h2>
${htmlTable(
  'Anomalies par règle',
  ['Règle', 'Gravité', 'Combien', 'Exemple'],
  issues.map(({ rule, severity, count, example }) => [
    rule,
    severities[severity] ?? severity,
    count,
    example ?? '',
  ]),
)}`;
}

export function brakeSection({ brake }: SyncReport): string {
  const percent = (share: number): string =>
    `${(share * 100).toLocaleString('fr-FR', { maximumFractionDigits: 2 })} %`;
  return `<h2>Frein</h2>
${htmlTable('Au-delà de quoi un passage attend une confirmation', undefined, [
  ['Part des fiches tenues', percent(brake.share)],
  ['Nombre toujours permis', brake.freely],
])}
${htmlTable(
  'Pourquoi ce passage a dû être confirmé',
  ['Raison'],
  brake.reasons.map((reason) => [reason]),
)}`;
}

export function pagesSection({ pages, chain }: SyncReport): string {
  const long = pages.length > 2 * shownPages;
  const shown = long ? [...pages.slice(0, shownPages), ...pages.slice(-shownPages)] : pages;
  const note = long
    ? `<p>Les ${shownPages} premières et les ${shownPages} dernières des ${pages.length} pages ; le fichier JSON les a toutes.</p>`
    : '';
  return `<h2>Chaîne des pages</h2>
${htmlTable('La chaîne (SHA-256)', undefined, [
  ['Pages', chain.pages],
  ['Lignes', chain.rows],
  ['Début', chain.start],
  ['Fin', chain.end],
])}
<details><summary>Les pages, une à une</summary>
${note}
${htmlTable(
  'Pages lues, dans l’ordre',
  ['Page', 'Lignes', 'Empreinte', 'Maillon'],
  shown.map(({ seq, rows, digest, chain: link }) => [String(seq), rows, digest, link]),
)}
</details>`;
}
