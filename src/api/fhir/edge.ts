/** What the interactions of `/fhir` share: their dependencies, and what they know of a request. */
import type { Request } from 'express';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../fhir/error.ts';
import type { AnyResource } from '../../fhir/types.ts';
import type { Store } from '../../store/store.ts';
import type { Viewer } from '../../store/served-sources.ts';
import type { FewAtOnce } from '../few-at-once.ts';
import { allows, type Letter } from '../auth/scopes.ts';
import type { TypeRow } from '../table.ts';
import type { Answer, Caller, Exchange, RequestContext, Role, Validate } from '../types.ts';
import type { Cursors } from './cursor.ts';

export type FhirEdge = {
  table: ReadonlyMap<string, TypeRow>;
  store: Pick<Store, 'served' | 'directoryServed' | 'documents'>;
  exchange: Exchange;
  validate: Validate;
  limits: Config['limits'];
  /** Referrals take turns. */
  inTurn: FewAtOnce;
  cursors: Cursors;
  now: () => Date;
  /** Public base of `/fhir`, known once the gateway listens. */
  fhirBase: () => string;
};

/** A request whose type stands in the table and whose caller may ask for it. */
export type FhirRequest = { request: Request; context: RequestContext; row: TypeRow; query: URLSearchParams };

/** Interaction handlers answer or throw a GatewayError. */
export type FhirHandler = (edge: FhirEdge, asked: FhirRequest) => Promise<Answer>;

/** Throws `forbidden` (403) unless the caller has one of the roles. */
export function requireRole(caller: Caller, roles: readonly Role[]): void {
  if (!caller.roles.some((role) => roles.includes(role))) throw forbidden('ses rôles ne le permettent pas');
}

/** Throws `forbidden` (403) unless a role and a scope of the caller allow the action on the type. */
export function requireAccess(caller: Caller, type: string, roles: readonly Role[], letter: Letter): void {
  requireRole(caller, roles);
  if (!allows(caller.scopes, type, letter)) throw forbidden('ses droits (scopes) ne le permettent pas');
}

function forbidden(reason: string): GatewayError {
  return new GatewayError({
    category: 'forbidden',
    side: 'sender',
    message: `Interdit à ce client : ${reason}.`,
  });
}

/** A reader sees the tenant; a placer or a fulfiller the patients of its own referrals. */
export function viewerOf(caller: Caller): Viewer {
  const { tenant, client, server } = caller;
  if (caller.roles.includes('reader')) return { tenant, client };
  return { tenant, client, party: { client, server } };
}

/** The type whose rows are judged one by one, when they are asked for: by membership, addressee and consent. */
const judged = 'DocumentReference';

/** Whose eyes rows of a type are searched with. */
export async function viewerOfRows(
  { exchange }: Pick<FhirEdge, 'exchange'>,
  { context: { caller }, row }: Pick<FhirRequest, 'context' | 'row'>,
): Promise<Viewer> {
  return row.type === judged ? exchange.reading.viewer(caller) : viewerOf(caller);
}

/** True when rows found have to be judged as well: then SQL alone does not know how many there are. */
export function isJudged({ type }: TypeRow): boolean {
  return type === judged;
}

/** For each resource found: may it be shown? */
export async function readable(
  { exchange }: Pick<FhirEdge, 'exchange'>,
  { context: { caller }, row }: Pick<FhirRequest, 'context' | 'row'>,
  resources: readonly AnyResource[],
): Promise<boolean[]> {
  return isJudged(row) && resources.length
    ? exchange.reading.readable(caller, resources)
    : resources.map(() => true);
}

/** 404: not there, or not this caller's to know of. The words are the same for both. */
export function notFound(): GatewayError {
  return new GatewayError({
    category: 'not-found',
    side: 'sender',
    message: 'Ressource inconnue de la passerelle.',
  });
}
