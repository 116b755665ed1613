/** A request that got no answer, as a GatewayError: what decides is whether the request can have been carried out. */
import { type Category, GatewayError } from '../fhir/error.ts';

type Context = {
  effect: 'read' | 'write';
  /** Our own total time limit ended it. */
  timeLimit: boolean;
};

/** Codes of failures before the request left: nothing happened there. */
const neverSent: Record<string, { category: Category; what: string }> = {
  ECONNREFUSED: { category: 'unavailable', what: 'la connexion est refusée' },
  ENOTFOUND: { category: 'unavailable', what: 'son nom est introuvable (DNS)' },
  EAI_AGAIN: { category: 'unavailable', what: 'la résolution de nom (DNS) ne répond pas' },
  EHOSTUNREACH: { category: 'unavailable', what: 'aucune route ne mène à lui' },
  ENETUNREACH: { category: 'unavailable', what: 'le réseau est injoignable' },
  UND_ERR_CONNECT_TIMEOUT: { category: 'timeout', what: 'la connexion ne s’établit pas dans le délai' },
};

/** Codes of a connection that broke or fell silent after the request may have been read. */
const broken: Record<string, string> = {
  UND_ERR_HEADERS_TIMEOUT: 'il ne répond pas dans le délai',
  UND_ERR_BODY_TIMEOUT: 'sa réponse s’est arrêtée en route',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'sa réponse est tronquée',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'sa réponse dépasse la taille admise',
  COMPRESSED_ANSWER: 'sa réponse est compressée alors que la passerelle ne l’a pas demandé',
};

const certificates: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'son certificat est auto-signé',
  SELF_SIGNED_CERT_IN_CHAIN: 'son certificat remonte à une autorité inconnue',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'son certificat remonte à une autorité inconnue',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'son certificat remonte à une autorité inconnue',
  CERT_HAS_EXPIRED: 'son certificat est périmé',
  CERT_NOT_YET_VALID: 'son certificat n’est pas encore valable',
  ERR_TLS_CERT_ALTNAME_INVALID: 'son certificat est établi pour un autre nom',
};

/** Whatever fetch threw. Only its code is kept: the error itself holds addresses and headers. */
export function networkFailure(server: string, error: unknown, { effect, timeLimit }: Context): GatewayError {
  const code = timeLimit ? 'TIME_LIMIT' : codeOf(error);
  const failure = (category: Category, what: string, retryable?: boolean): GatewayError =>
    new GatewayError({
      category,
      side: 'server',
      message: `Serveur « ${server} » : ${what} (${code}).`,
      ...(retryable === undefined ? {} : { retryable }),
    });

  const early = neverSent[code];
  if (early)
    return failure(early.category, `${early.what} ; à rétablir par l’hôpital, ou « base » est fausse`);
  if (isTls(code)) {
    const what = certificates[code] ?? 'la négociation TLS échoue';
    return failure('unavailable', `${what} ; à corriger par l’hôpital, ou à déclarer dans « caFile »`);
  }
  const lost: Category = effect === 'write' ? 'unknown-outcome' : timedOut(code) ? 'timeout' : 'unavailable';
  const what = timeLimit ? 'le délai total est dépassé' : (broken[code] ?? 'la connexion a été rompue');
  return failure(lost, what, tooBig(code) && effect === 'read' ? false : undefined);
}

function isTls(code: string): boolean {
  return code in certificates || code === 'EPROTO' || /^(CERT_|ERR_SSL_|ERR_TLS_)/.test(code);
}

function timedOut(code: string): boolean {
  return code === 'TIME_LIMIT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}

function tooBig(code: string): boolean {
  return code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' || code === 'COMPRESSED_ANSWER';
}

/** The innermost code: fetch wraps the socket's error once or twice. */
function codeOf(error: unknown): string {
  let found = 'SANS_CODE';
  for (let depth = 0, at = error; depth < 4 && typeof at === 'object' && at !== null; depth += 1) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code)) found = code;
    at = cause;
  }
  return found;
}
