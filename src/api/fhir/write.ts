/** create, update, delete and transaction: validated here, decided and committed in the rooms behind (flow of architecture.md). */
import { GatewayError } from '../../fhir/error.ts';
import { hasErrors } from '../../fhir/issue.ts';
import type { AnyResource, Bundle } from '../../fhir/types.ts';
import type { Letter } from '../auth/scopes.ts';
import { receiveResource } from '../body/intake.ts';
import { malformed, refusal } from '../body/refusals.ts';
import { placers } from '../table.ts';
import type { Answer, Posted, RequestContext, Role } from '../types.ts';
import type { Request } from 'express';
import { readIfMatch } from './answer.ts';
import { type FhirEdge, type FhirHandler, requireAccess, requireRole } from './edge.ts';

/** POST to a type: a document Bundle or one in its metadata (ITI-105), a consultation held, a request to stop a referral. */
export const create: FhirHandler = async (edge, { request, context, row }) => {
  if (request.get('If-None-Exist') !== undefined)
    throw malformed(
      'If-None-Exist n’est pas pris en charge : l’identifiant métier rend déjà l’envoi unique.',
    );
  const posted = await receiveValid(edge, request, row.type);
  if (row.type !== 'Bundle') return edge.exchange.create[row.type]!(context, posted);
  if (posted.resource['type'] !== 'document')
    throw malformed('Un Bundle posté ici est un document ; une transaction se poste à la base.');
  return edge.exchange.receiveDocument(context, posted);
};

/** PUT of a resource the gateway has, under its version when `If-Match` names one. */
export const update: FhirHandler = async (edge, { request, context, row }) => {
  const { id } = request.params as { id: string };
  const ifMatch = readIfMatch(request);
  const posted = await receiveValid(edge, request, row.type);
  if (posted.resource.id !== id) throw malformed('L’id du corps doit être celui du chemin.');
  return edge.exchange.update[row.type]!(context, { ...posted, id, ifMatch });
};

/** DELETE: what is not there, or not the caller's, is gone as well (CORE-08). */
export const remove: FhirHandler = async (edge, { request, context, row }) => {
  const { id } = request.params as { id: string };
  return edge.exchange.remove[row.type]!(context, id);
};

/**
 * A referral, or a document with its submission set (ITI-65): rights are asked entry by entry, so that a body never does
 * what its URL may not (P-38).
 */
export async function transaction(
  edge: FhirEdge,
  request: Request,
  context: RequestContext,
): Promise<Answer> {
  requireRole(context.caller, [...placers, ...submitters]);
  const { value: resource, raw } = await receiveResource(request, edge.limits);
  const bundle = resource as unknown as Partial<Bundle>;
  if (bundle.resourceType !== 'Bundle' || bundle.type !== 'transaction')
    throw malformed('À la base se poste un Bundle de type transaction.');
  const entries: unknown = bundle.entry ?? [];
  if (!Array.isArray(entries)) throw malformed('Bundle.entry doit être une liste.');
  if (entries.length > edge.limits.bundleEntries)
    throw refusal(
      'too-large',
      'too-costly',
      `Transaction trop longue : au plus ${edge.limits.bundleEntries} entrées.`,
    );
  const submits = entries.some((entry) => typeOf(entry) === 'List');
  const roles = submits ? submitters : placers;
  requireRole(context.caller, roles);
  for (const entry of entries) requireEntryAccess(context, entry, roles);
  const { acceptTransaction, receiveSubmission } = edge.exchange;
  if (submits) {
    await requireValid(edge, withoutProfiles(resource, entries));
    return receiveSubmission(context, { resource, raw });
  }
  return edge.inTurn(async () => {
    await requireValid(edge, resource);
    return acceptTransaction(context, { resource, raw });
  });
}

/** Who may post a document. */
const submitters: readonly Role[] = ['fulfiller'];

/** Metadata of a document name profiles of MHD and PDSm, whose rules the document room asks; here it is held to R4. */
function withoutProfiles(bundle: AnyResource, entries: readonly unknown[]): AnyResource {
  const entry = entries.map((one) => {
    const { resource } = one as { resource: AnyResource };
    return { ...(one as object), resource: plain(resource) };
  });
  return { ...plain(bundle), entry };
}

function plain({ meta: _meta, ...rest }: AnyResource): AnyResource {
  return rest;
}

function typeOf(entry: unknown): unknown {
  return (entry as { resource?: { resourceType?: unknown } } | null)?.resource?.resourceType;
}

const letters: Readonly<Record<string, Letter>> = { POST: 'c', PUT: 'u' };
/** A submission patches what it supersedes (MHD-06). */
const submitted: typeof letters = { ...letters, PATCH: 'u' };

function requireEntryAccess(context: RequestContext, entry: unknown, roles: readonly Role[]): void {
  const { request, resource } = (entry ?? {}) as { request?: { method?: unknown }; resource?: AnyResource };
  const letter = (roles === submitters ? submitted : letters)[String(request?.method)];
  if (!letter || typeof resource?.resourceType !== 'string')
    throw malformed('Chaque entrée de la transaction porte une ressource et une requête POST ou PUT.');
  requireAccess(context.caller, resource.resourceType, roles, letter);
}

/** Types that name profiles of guides that are not here: the room behind asks their rules. */
const othersProfiles: ReadonlySet<string> = new Set(['DocumentReference', 'Subscription']);

async function receiveValid(edge: FhirEdge, request: Request, type: string): Promise<Posted> {
  const { value: resource, raw } = await receiveResource(request, edge.limits);
  if (resource.resourceType !== type) throw malformed(`Le corps doit être de type ${type}.`);
  await requireValid(edge, othersProfiles.has(type) ? plain(resource) : resource);
  return { resource, raw };
}

async function requireValid(edge: FhirEdge, resource: AnyResource): Promise<void> {
  const issues = await edge.validate(resource);
  if (!hasErrors(issues)) return;
  throw new GatewayError({ category: 'invalid', side: 'sender', message: 'Ressource non conforme.', issues });
}
