/** A report as one French page for people: self-contained, printable, readable by a screen reader; nothing is loaded. */
import { escapeHtml, htmlTable, type Row } from './html-table.ts';
import { brakeSection, changesSection, issuesSection, pagesSection } from './html-sections.ts';
import { day, duration, kindName, modeName, statusName } from './html-words.ts';
import type { SignedReport } from './types.ts';

const style = `
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #999; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid #999; padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-family: ui-monospace, monospace; font-size: .85em; overflow-wrap: anywhere; }
.verdict { border-left: .4rem solid #18753c; padding: .5rem 1rem; background: #f2f8f4; }
.verdict.partial { border-color: #b34000; background: #fdf5ef; }
.scroll { overflow-x: auto; }
@media print { body { max-width: none; padding: 0; } details > * { display: block; } tr { break-inside: avoid; } .scroll { overflow: visible; } }`;

/** The page of a signed report. */
export function reportHtml(report: SignedReport): string {
  const { source, run, signature } = report;
  const title = `Synchronisation de l’annuaire : ${source.id}, passage ${run}`;
  return `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${verdict(report)}
<h2>Lecture</h2>
${htmlTable('Ce qui a été lu', undefined, readingRows(report))}
${htmlTable(
  'Lignes lues et totaux annoncés par la source',
  ['Type', 'Lus', 'Annoncés'],
  report.totals.map(({ kind, read, expected }) => [kindName(kind), read, expected ?? 'non annoncé']),
)}
${changesSection(report)}
${issuesSection(report)}
${brakeSection(report)}
${pagesSection(report)}
<h2>Signature</h2>
<p>Ed25519, clé d’empreinte <code>${escapeHtml(signature.thumbprint)}</code>. Cette page n’est qu’une lecture du rapport :
seul le fichier JSON est signé ; <code>passerelle sync verify</code> le vérifie.</p>
</main>
</body>
</html>
`;
}

function verdict({ complete, incomplete, status, mode }: SignedReport): string {
  if (status === 'failed')
    return '<p class="verdict partial" role="note">Lecture échouée : rien n’a été appliqué.</p>';
  if (status === 'braked')
    return '<p class="verdict partial" role="note">Passage arrêté par le frein : rien n’a été appliqué.</p>';
  if (mode === 'rollback')
    return '<p class="verdict" role="note">Retour à un passage antérieur : rien n’a été lu.</p>';
  return complete
    ? '<p class="verdict" role="note">Lecture complète : tout ce que la source annonce a été lu et compté.</p>'
    : `<p class="verdict partial" role="note">Lecture non complète : ${escapeHtml(
        incomplete ?? 'la source n’en dit pas la raison',
      )}. Aucune disparition n’en est déduite.</p>`;
}

function readingRows({
  source,
  mode,
  status,
  dates,
  work,
  resumedAfter,
  dangling,
  program,
}: SignedReport): Row[] {
  return [
    ['Source', `${source.id} (${source.kind})`],
    ['Mode', modeName(mode)],
    ['État', statusName(status)],
    ['Début', day(dates.startedAt)],
    ['Fin', day(dates.finishedAt)],
    ['Date de la source', dates.asOf ? day(dates.asOf) : 'non connue'],
    ['Âge des données', dates.ageSeconds === undefined ? 'non connu' : duration(dates.ageSeconds)],
    ['Requêtes', work.requests],
    ['Reprises de requêtes', work.retries],
    ['Découpages', work.splits],
    ['Attentes', duration(work.waitedMs / 1000)],
    ['Octets', work.bytes],
    ['Interruptions', resumedAfter.length ? `repris après les pages ${resumedAfter.join(', ')}` : 'aucune'],
    [
      'Références pendantes',
      `${dangling.open} ouverte(s), ${dangling.created} nouvelle(s), ${dangling.resolved} résolue(s)`,
    ],
    ['Version du programme', program],
  ];
}
