/**
 * An answer that is no success, as a GatewayError. 409 and 412 are one class (CORE-03). For a write, 503 and 429 say
 * "not now" and nothing happened; any other 5xx, a proxy's 502 and 504 above all, can come after the write was
 * committed: `unknown-outcome`, because reading back costs little and a duplicate costs much.
 */
import { type Category, GatewayError, type Side } from '../fhir/error.ts';
import type { HttpAnswer } from './exchange.ts';
import { outcomeIssues } from './outcome-issues.ts';
import { retryAfterMs } from './retry-after.ts';

type Verdict = { category: Category; side: Side; what: string };

const verdicts: Record<number, Verdict> = {
  401: { category: 'unauthenticated', side: 'gateway', what: 'nos identifiants sont refusés' },
  403: { category: 'forbidden', side: 'gateway', what: 'nos droits ne suffisent pas' },
  404: { category: 'not-found', side: 'gateway', what: 'ressource inconnue' },
  405: { category: 'not-supported', side: 'server', what: 'opération non prise en charge' },
  406: { category: 'not-supported', side: 'server', what: 'format non pris en charge' },
  407: { category: 'unauthenticated', side: 'gateway', what: 'un proxy demande des identifiants' },
  409: { category: 'conflict', side: 'server', what: 'la ressource a changé entre-temps' },
  410: { category: 'gone', side: 'server', what: 'ressource supprimée' },
  412: { category: 'conflict', side: 'server', what: 'la ressource a changé entre-temps' },
  413: { category: 'too-large', side: 'gateway', what: 'envoi trop volumineux' },
  415: { category: 'not-supported', side: 'server', what: 'format non pris en charge' },
  422: { category: 'unprocessable', side: 'gateway', what: 'contenu refusé par une règle du serveur' },
  429: { category: 'throttled', side: 'server', what: 'trop de requêtes' },
  501: { category: 'not-supported', side: 'server', what: 'opération non prise en charge' },
  503: { category: 'unavailable', side: 'server', what: 'momentanément indisponible' },
};

/** A condition that several resources fulfil (CORE-01): waiting does not help, somebody has to tell them apart. */
const twins: Verdict = {
  category: 'ambiguous',
  side: 'server',
  what: 'plusieurs ressources y portent l’identifiant qui devait en désigner une',
};

/** Statuses whose meaning does not depend on a FHIR body: proxies and authorisation servers speak them too. */
const plainStatuses = new Set([401, 403, 407, 413, 429]);

/** The error for an answer with a status ≥ 300. */
export function answerFailure(
  server: string,
  answer: HttpAnswer,
  effect: 'read' | 'write',
  nowMs: number,
): GatewayError {
  const issues = outcomeIssues(answer.body);
  const isTwins = answer.status === 412 && issues.some(({ code }) => code === 'multiple-matches');
  const verdict = isTwins ? twins : judge(answer, effect);
  const wait = retryAfterMs(answer.headers.get('retry-after'), dateOf(answer) ?? nowMs);
  return new GatewayError({
    category: verdict.category,
    side: verdict.side,
    message: `Serveur « ${server} » : ${verdict.what} (HTTP ${answer.status}).`,
    issues,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/** The server's own time: the date that it asks to come back at is by its clock. */
function dateOf({ headers }: HttpAnswer): number | undefined {
  const told = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(told) ? undefined : told;
}

function judge({ status, body }: HttpAnswer, effect: 'read' | 'write'): Verdict {
  if (status < 400) {
    const what = 'il redirige vers une autre adresse, ce que la passerelle ne suit pas ; corriger « base »';
    return { category: 'not-supported', side: 'server', what };
  }
  const known = verdicts[status];
  if (status >= 500) {
    if (known) return known;
    const category = effect === 'write' ? 'unknown-outcome' : 'unavailable';
    return { category, side: 'server', what: 'erreur interne du serveur ou d’un intermédiaire' };
  }
  if (status === 408) {
    const category = effect === 'write' ? 'unknown-outcome' : 'timeout';
    return { category, side: 'server', what: 'le serveur n’a pas attendu la fin de la requête' };
  }
  if (!plainStatuses.has(status) && !speaksFhir(body)) {
    const what = 'la réponse n’est pas du FHIR : page d’un intermédiaire, ou « base » est fausse';
    return { category: 'unavailable', side: 'server', what };
  }
  return known ?? { category: 'invalid', side: 'gateway', what: 'requête refusée comme mal formée' };
}

/** An OperationOutcome or no body at all; a proxy's 404 page must never read as "this resource does not exist". */
function speaksFhir(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return (
    Object.keys(body).length === 0 || (body as { resourceType?: unknown }).resourceType === 'OperationOutcome'
  );
}
