/**
 * Hash chain of the pages of a run. h₀ = SHA-256 of `source|run|mode`; hₙ = SHA-256 of `hₙ₋₁|digestₙ|rowsₙ`, all as UTF-8
 * text and hexadecimal, so that anybody can follow it with `sha256sum`. One page left out, added, moved or counted
 * otherwise changes every link after it.
 */
import { hash } from 'node:crypto';
import type { ReportPage } from './types.ts';

/** What a chain belongs to. */
export type ChainOf = { source: string; run: number; mode: string };

/** h₀. */
export function chainStart({ source, run, mode }: ChainOf): string {
  return hash('sha256', `${source}|${run}|${mode}`, 'hex');
}

/** The link after `before`. */
export function chainLink(before: string, page: Pick<ReportPage, 'digest' | 'rows'>): string {
  return hash('sha256', `${before}|${page.digest}|${page.rows}`, 'hex');
}

/** Pages with their links. */
export function chainPages(of: ChainOf, pages: readonly Omit<ReportPage, 'chain'>[]): ReportPage[] {
  let link = chainStart(of);
  return pages.map(({ seq, rows, digest }) => {
    link = chainLink(link, { digest, rows });
    return { seq, rows, digest, chain: link };
  });
}
