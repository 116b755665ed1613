/** One step of a search: its next page is asked for, checked against its total, and what cannot be followed is got round. */
import { GatewayError } from '../../fhir/error.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { Known, NamedRecord, ReadRecord } from '../types.ts';
import { contentOf, recordOf } from '../api/record.ts';
import type { FactsOptions } from '../api/facts.ts';
import { ask, type Asking } from './ask.ts';
import type { Links } from './chances.ts';
import type { Memory } from './memory.ts';
import type { ServedKind } from './options.ts';
import { isOurs } from './origin.ts';
import { owns } from './owns.ts';
import { type Page, pageOf } from './page.ts';
import { fanOut, recover, type Recovery, splitAhead } from './recover.ts';
import { addressOf, type Search } from './search.ts';
import { tailText } from '../api/tail.ts';
import { isNewRow, type Work } from './work.ts';

export type Run = {
  asking: Asking;
  memory: Memory;
  known: Known;
  facts: FactsOptions;
  /** The directory's own time at its first answer, ms. */
  began: number | undefined;
  /** The largest page size that was answered. */
  largest: number;
  links: Links;
  /** Whether every search of a kind is at its end. */
  isRead: (kind: ServedKind) => boolean;
  /** Ways of splitting that the API refused, as `kind axis times`. */
  refused: Set<string>;
  /** Ways round dead links taken so far, and how many may be, by kind. */
  detours: Map<ServedKind, { most: number; taken: number }>;
};

export type Event =
  | { kind: 'page'; number: number; search: Search; page: ReadyPage }
  | { kind: 'end'; number: number; search: Search; short?: string }
  | Recovery;

export type ReadyPage = {
  rows: number;
  records: ReadRecord[];
  /** Rows without an identifier that could be a key. */
  unread: NamedRecord[];
  issues: Issue[];
  digest: string;
};

/** Smallest page asked for when larger ones fail (P-7). */
const smallestPage = 25;

/** What happened, in order. `work` is moved on; children of a split are the caller's to follow. */
export async function follow(work: Work, run: Run): Promise<Event[]> {
  const { search } = work;
  const { settings } = run.asking;
  const address = search.next ?? addressOf(search, work.size, settings);
  const untried = !search.next && work.size > Math.max(run.largest, smallestPage);
  const outcome = await ask(address, run.asking, untried);
  switch (outcome.state) {
    case 'heavy':
      if (search.next || work.size <= smallestPage) return recover(work, 'la page échoue sans cesse', run);
      work.size = Math.max(smallestPage, Math.floor(work.size / 2));
      return [];
    case 'refused':
      if (!search.next && search.conditions.every(({ axis }) => axis === 'since'))
        throw unserved(search, settings.id);
      return recover(work, search.next ? 'le lien de page est refusé' : 'la recherche est refusée', run);
    case 'dead':
      return recover(work, `le lien de page ne répond plus (${outcome.why})`, run);
    case 'bundle':
  }
  run.largest = Math.max(run.largest, work.size);
  run.began = Math.min(run.began ?? Infinity, outcome.date ?? Infinity);
  if (run.began === Infinity) run.began = undefined;
  const page = pageOf(search.kind, outcome.bundle);
  const twice = page.rows.length > 0 && work.pages.has(page.ids);
  work.pages.add(page.ids);
  const totals = totalsOf(search, page);
  if (page.rows.length === 0 || twice) {
    work.search = { ...search, ...totals };
    if (isWhole(work.search)) return [{ kind: 'end', number: work.number, search: work.search }];
    return recover(work, twice ? 'une page revient en boucle' : 'une page vide avant la fin', run);
  }
  const ready = take(page, work, run);
  if (search.next) run.links.followed += 1;
  const { next: _old, ...rest } = work.search;
  work.search = {
    ...{ ...rest, ...totals, pages: search.pages + 1 },
    tail: tailText(page.rows.map(({ id }) => id ?? '')),
  };
  const read = (): Event => {
    const given = { ...ready, digest: outcome.digest };
    return { kind: 'page', number: work.number, search: work.search, page: given };
  };
  if (page.next !== undefined) {
    const next = URL.canParse(page.next, address) ? new URL(page.next, address).href : page.next;
    if (isOurs(next, settings)) {
      work.search = { ...work.search, next: URL.canParse(page.next) ? page.next : next };
      if (next !== address) {
        work.from = address;
        work.askedAgain = false;
        const days = await fanOut(work, run);
        return [read(), ...(days.length > 0 ? days : await splitAhead(work, run))];
      }
      return [read(), ...(await recover(work, 'une page revient en boucle', run))];
    }
    if (!isWhole(work.search)) {
      ready.issues.push(elsewhere(search.kind));
      return [read(), ...(await recover(work, 'le lien mène hors des origines admises', run))];
    }
  } else if (!isWhole(work.search)) {
    return [read(), ...(await recover(work, 'le lien de page manque avant la fin', run))];
  }
  return [read(), { kind: 'end', number: work.number, search: work.search }];
}

/** Rows read are all that the first or the last page announced; the kind's own total decides at the end of the run. */
function isWhole({ rows, total, lastTotal }: Search): boolean {
  return total === undefined || rows >= Math.min(total, lastTotal ?? total);
}

function totalsOf({ total }: Search, page: Page): Pick<Search, 'total' | 'lastTotal'> {
  if (page.total === undefined) return {};
  return total === undefined ? { total: page.total } : { lastTotal: page.total };
}

/** Records of a page that are not known, and counts its rows. A row that this process gave before is not given again. */
function take(page: Page, work: Work, { memory, known, facts }: Run): Omit<ReadyPage, 'digest'> {
  const { search } = work;
  const asked = search.conditions.filter(({ axis }) => axis === 'since');
  const records: ReadRecord[] = [];
  const keyless: NamedRecord[] = [];
  let { rows, own } = search;
  for (const row of page.rows) {
    const first = memory.meet(search.kind, row, work.mark, owns(search.kind, asked, row));
    if (isNewRow(work, row.id ?? '', first)) {
      rows += 1;
      if (owns(search.kind, search.conditions, row)) own += 1;
    }
    // given by this process before: a search that begins again shows most rows twice
    const given = first !== undefined && search.late !== true;
    if (given && row.id !== undefined) continue;
    const content = contentOf(row);
    if (known.has(content.hash) || given) continue;
    const record = recordOf(row, content, facts);
    if (record) records.push(record);
    else keyless.push({ kind: search.kind, remote: row.id ?? '' });
  }
  work.search = { ...search, rows, own };
  return {
    rows: page.rows.length,
    records,
    unread: keyless,
    issues: [...page.issues, ...keylessIssue(page.rows[0]!, keyless.length)],
  };
}

function unserved({ kind, conditions }: Search, id: string): GatewayError {
  const window = conditions.length > 0;
  return new GatewayError({
    category: 'invalid',
    side: 'directory',
    retryable: false,
    message: window
      ? `Annuaire « ${id} » : il refuse de dire ce qui a changé depuis la date demandée (${kind}). Il faut un passage complet.`
      : `Annuaire « ${id} » : il refuse la recherche de ${kind}. Vérifiez « base ».`,
  });
}

function keylessIssue({ resourceType }: AnyResource, count: number): Issue[] {
  if (!count) return [];
  const message = `${count} fiche(s) ${resourceType} sans identifiant utilisable : elles ne sont pas tenues.`;
  const expression = `${resourceType}.identifier`;
  return [{ severity: 'warning', code: 'required', rule: 'directory-key', expression, message }];
}

function elsewhere(kind: string): Issue {
  return {
    severity: 'warning',
    code: 'processing',
    rule: 'directory-origin',
    expression: 'Bundle.link',
    message: `Une page de ${kind} renvoie hors de la base et des origines admises : le lien n’est pas suivi, la clé n’y est pas envoyée. Ajoutez l’origine à « origins » si elle est de confiance.`,
  };
}
