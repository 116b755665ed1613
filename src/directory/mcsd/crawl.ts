/** Full reading by search, kind by kind, counted against totals: what a history cannot prove (MCSD-19). */
import { DigestTable } from '../../fhir/digest-table.ts';
import { isGatewayError } from '../../fhir/error.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import { isMet, tailText } from '../api/tail.ts';
import { taken } from '../api/tally.ts';
import type { Known, SourcePage } from '../types.ts';
import { askBundle, type Asking, type Bundle, wrong } from './ask.ts';
import { checkpointOf, closeKind, type Progress } from './progress.ts';
import { take } from './take.ts';

/** Empty pages in a row that are followed: consent filters leave some (P-20). */
const mostEmpty = 20;

/** Reads the kinds that are left in `progress`; moves it on with each page. */
export async function* crawl(
  progress: Progress,
  known: Known,
  asking: Asking,
): AsyncGenerator<SourcePage, void> {
  const { settings, tally } = asking;
  while (progress.kinds.length) {
    const kind = progress.kinds[0]!;
    const first = `${kind}?_count=${settings.pageSize}&_total=accurate`;
    const ids = new DigestTable();
    const links = new Set<string>();
    let empty = 0;
    let kept = progress.next;
    let address = kept ?? first;
    for (;;) {
      links.add(address);
      const page = await pageOf(address, { kind, first, kept }, asking);
      if (page === 'outlived') {
        address = first;
        kept = undefined;
        links.clear();
        progress.read = 0;
        delete progress.next;
        delete progress.tail;
        continue;
      }
      progress.began = Math.min(progress.began ?? Infinity, page.date ?? Infinity);
      if (page.total !== undefined) progress.expected = page.total;
      const rows = rowsOf(kind, page);
      empty = rows.length ? 0 : empty + 1;
      for (const { id = '' } of rows) {
        if (ids.add(id, 1) === undefined && !isMet(id, progress.tail)) progress.read += 1;
      }
      if (rows.length) progress.tail = tailText(rows.map(({ id }) => id ?? ''));
      const read = take(rows, known, settings);
      const short = endOf(page, progress, links.has(page.next ?? ''), empty);
      if (short === undefined) progress.next = page.next!;
      else closeKind(progress, short === 'whole' ? undefined : short);
      const checkpoint = checkpointOf(progress);
      yield { ...read, checkpoint, digest: page.digest, rows: rows.length, removed: [], tally: taken(tally) };
      if (short !== undefined) break;
      address = page.next!;
    }
  }
}

/** `kept`: the link of a checkpoint. The server may have forgotten it: then the kind begins again. */
async function pageOf(
  address: string,
  { kind, first, kept }: { kind: string; first: string; kept: string | undefined },
  asking: Asking,
): Promise<Bundle | 'outlived'> {
  try {
    return await askBundle(address, asking);
  } catch (error) {
    const forgotten = isGatewayError(error) && ['not-found', 'gone', 'invalid'].includes(error.category);
    if (!forgotten || address === first) throw error;
    if (address === kept) return 'outlived';
    const why = error.message.replace(/^Annuaire « [^»]* » : /, '').replace(/\.$/, '');
    throw wrong(
      asking.settings.id,
      `le lien de page qu’il vient de donner pour ${kind} ne mène à rien (${why}) ; derrière un mandataire, c’est son adresse publique qui est à régler`,
    );
  }
}

/** Undefined: go on; `whole`, or why it is not. */
function endOf(
  page: Bundle,
  { read, expected }: Progress,
  loops: boolean,
  empty: number,
): string | undefined {
  if (page.next !== undefined && !loops && empty < mostEmpty) return undefined;
  if (expected === undefined) return 'l’annuaire ne donne pas de total';
  if (read === expected) return 'whole';
  const why =
    page.next === undefined
      ? ''
      : loops
        ? ' (ses liens de page tournent en rond)'
        : ' (ses pages sont vides)';
  return `${read} lues, ${expected} annoncées${why}`;
}

function rowsOf(kind: string, { entries }: Bundle): AnyResource[] {
  return entries
    .filter(({ search }) => !isObject(search) || search['mode'] === undefined || search['mode'] === 'match')
    .map(({ resource }) => resource)
    .filter((one) => isObject(one) && one['resourceType'] === kind) as AnyResource[];
}
