/** What a delta may ask for: changes since the last cursor less an overlap, inside the API's 30 days (P-10, P-11, P-12). */
import { GatewayError } from '../../fhir/error.ts';
import type { Json } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import { ask } from './ask.ts';
import type { Run } from './follow.ts';
import { addressOf, newSearch } from './search.ts';

/** Clocks differ, and what is written late carries an earlier date. */
const overlapMs = 3_600_000;
/** The API looks 30 days back; a day less, for its days may not begin where ours do. */
const windowMs = 29 * 86_400_000;

/** From when a delta asks. Throws `invalid` without a cursor of ours: only a full run can begin. */
export function sinceOf(cursor: Json | undefined, id: string): string {
  const from =
    isObject(cursor) && typeof cursor['from'] === 'string' ? Date.parse(cursor['from']) : Number.NaN;
  if (Number.isNaN(from)) throw fullNeeded(id, 'aucun passage complet n’est encore appliqué');
  return new Date(from - overlapMs).toISOString();
}

/** Asks the directory what time it is there, and refuses what it would not answer in full. */
export async function checkWindow(since: string, run: Run): Promise<void> {
  const { settings } = run.asking;
  const kind = settings.kinds[0]!;
  const outcome = await ask(addressOf(newSearch(kind, []), 1, settings), run.asking);
  const now = (outcome.state === 'bundle' ? outcome.date : undefined) ?? settings.clock.now();
  if (now - Date.parse(since) > windowMs) {
    throw fullNeeded(
      settings.id,
      'le dernier passage appliqué date de plus de 29 jours, et l’annuaire n’en garde que 30',
    );
  }
  run.began = Math.min(run.began ?? Infinity, now);
}

function fullNeeded(id: string, why: string): GatewayError {
  return new GatewayError({
    category: 'unprocessable',
    side: 'directory',
    retryable: false,
    message: `Annuaire « ${id} » : ${why}. Il faut un passage complet (--full).`,
  });
}
