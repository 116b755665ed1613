/** What the figures of a report must agree on, whoever wrote it: the chain of pages, and its own counts. */
import { chainLink, chainStart } from './chain.ts';
import type { SyncReport } from './types.ts';

/** Each contradiction as a French sentence; none when the report agrees with itself. */
export function checkContent(report: SyncReport): string[] {
  return [...chainFaults(report), ...countFaults(report)];
}

/** The first broken link is told; what follows it is broken by it. */
function chainFaults({ source, run, mode, chain, pages }: SyncReport): string[] {
  let link = chainStart({ source: source.id, run, mode });
  if (chain.start !== link)
    return ['Le début de la chaîne n’est pas celui de cette source, de ce passage et de ce mode.'];
  for (const [index, page] of pages.entries()) {
    if (page.seq !== index + 1)
      return [`La page ${index + 1} manque, est répétée ou déplacée : la page ${page.seq} tient sa place.`];
    link = chainLink(link, page);
    if (page.chain !== link)
      return [`La chaîne se rompt à la page ${page.seq} : son empreinte ou son nombre de lignes a changé.`];
  }
  const rows = pages.reduce((sum, page) => sum + page.rows, 0);
  return [
    chain.end !== link && 'La fin de la chaîne n’est pas celle de la dernière page : des pages manquent.',
    chain.pages !== pages.length && `${chain.pages} page(s) annoncée(s), ${pages.length} présente(s).`,
    chain.rows !== rows && `${chain.rows} ligne(s) annoncée(s), ${rows} dans les pages.`,
  ].filter((fault) => fault !== false);
}

function countFaults({ complete, incomplete, totals, deletions, mode }: SyncReport): string[] {
  const short = totals.filter(({ read, expected }) => expected !== undefined && read < expected);
  const faults = complete
    ? short.map(
        ({ kind, read, expected }) =>
          `Dit complet, mais ${read} ${kind} lu(s) sur ${expected} que la source annonce.`,
      )
    : [];
  if (complete && incomplete !== undefined) faults.push('Dit complet et incomplet à la fois.');
  const byAbsence = deletions.some(({ certainty, count }) => certainty === 'absent-twice' && count > 0);
  if (byAbsence && mode === 'full' && !complete)
    faults.push('Des disparitions sont constatées sur une lecture qui n’est pas complète.');
  return faults;
}
