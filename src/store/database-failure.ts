/** What a database refused, as a GatewayError that names no password and no value. */
import { GatewayError, isGatewayError } from '../fhir/error.ts';

/** French sentences by SQLSTATE (PostgreSQL, appendix A) or system error code. */
const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'La base de données ne répond pas à son adresse (connexion refusée).',
  ENOENT: 'La base de données ne répond pas à son adresse (aucune prise à cet endroit).',
  ENOTFOUND: 'La machine de la base de données est inconnue : vérifiez son nom.',
  EAI_AGAIN: 'La machine de la base de données est introuvable pour le moment (DNS).',
  ETIMEDOUT: 'La base de données ne répond pas à temps.',
  ECONNRESET: 'La base de données a coupé la connexion.',
  '28P01': 'La base de données refuse le mot de passe de la passerelle.',
  '28000': 'La base de données refuse le compte de la passerelle.',
  '3D000': 'La base de données nommée dans l’adresse n’existe pas : créez-la.',
  '42501': 'Le compte de la passerelle n’a pas les droits sur la base de données.',
  '25006': 'La base de données est en lecture seule (réplique ou bascule en cours ?).',
  '40P01': 'Deux écritures se sont attendues l’une l’autre dans la base de données : recommencez.',
  '53300': 'La base de données a trop de connexions ouvertes.',
  '53100': 'Le disque de la base de données est plein.',
  '57P01': 'La base de données est en train de s’arrêter.',
  '57P03': 'La base de données démarre ou s’arrête : réessayez dans un instant.',
};

const final = new Set(['28P01', '28000', '3D000', '42501', 'ENOTFOUND']);

/** SQLSTATE of a database that cannot be used now (connection, resources, operator, rights, a deadlock), and system errors. */
const unusable = /^(08|53|57)|^40P01$|^25006$|^42501$|^E[A-Z]+(_[A-Z]+)*$/;
/** The driver's own errors have no code: a connection that broke under a statement, or was broken before it. */
const broken =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying)/;

/** Is it the database that failed, rather than a statement of ours that was wrong? */
export function isDatabaseFailure(error: unknown): boolean {
  if (error instanceof AggregateError) return isDatabaseFailure(error.errors[0]);
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? unusable.test(code) : broken.test(String(message));
}

/** How long a sender should wait before it asks again; a full disk is for a person to free. */
const retryAfterMs = (code: string): number => (code === '53100' ? 60_000 : 2_000);

/** A GatewayError of category `unavailable` for what a connection or statement threw; ours pass unchanged. */
export function databaseFailure(error: unknown): GatewayError {
  if (isGatewayError(error)) return error;
  const code = codeOf(error);
  return new GatewayError({
    category: 'unavailable',
    side: 'gateway',
    retryable: !final.has(code),
    ...(final.has(code) ? {} : { retryAfterMs: retryAfterMs(code) }),
    message: sentences[code] ?? `La base de données est indisponible (${code}).`,
    cause: error,
  });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]); // one attempt an address of the host
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'connexion coupée';
}
