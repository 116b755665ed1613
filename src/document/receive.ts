/** Receiving a document: kept as received, and when it is final delivered to everybody it is for. */
import { createHash } from 'node:crypto';
import type { Clock, Ids } from '../clock.ts';
import type { ConsentRules } from '../consent/types.ts';
import { GatewayError } from '../fhir/error.ts';
import type { BusinessKey } from '../fhir/key.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { outcomeOf } from '../fhir/outcome.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories, Store } from '../store/store.ts';
import { authorOf } from './access/grounds.ts';
import { circumstancesOf, type TypesOf } from './circumstances.ts';
import type { Circumstances, DocumentFacts } from './facts.ts';
import { ownReference } from './earlier.ts';
import { deliverFinal } from './final.ts';
import { checkPatient, checkStep, refuse } from './gate.ts';
import { type Kept, keptAs } from './kept.ts';
import type { Mssante } from './mssante/mailbox.ts';
import type { Pathway } from './pathway.ts';
import type { Print } from './print/printer.ts';
import { readDocument, type ReadDocument } from './read-document.ts';
import { type DocumentRules, type DocumentTypeRule, profileUrl, ruleOf } from './rules.ts';

export type DocumentContext = {
  store: Store;
  clock: Clock;
  ids: Ids;
  rules: DocumentRules & { consent: ConsentRules };
  validate: (resource: AnyResource, profiles: string[]) => Issue[];
  pathway: Pathway;
  print: Print;
  mssante: Mssante;
  typesOf: TypesOf;
};

/** Who sends; the tenant is the client's (rule 7). */
export type DocumentSender = {
  client: string;
  tenant: string;
  server: string | undefined;
  roles: readonly string[];
  requestId: string;
};

/** `resource` is the gateway's DocumentReference of a final document, an OperationOutcome for a preliminary one. */
export type Received = { status: number; documentId: string; resource: AnyResource };

/**
 * Handles a document Bundle given as the bytes received. 201 the first time, 200 when the same bytes come again. Throws
 * `invalid`, `unprocessable` (not a document, final too early, no consent, recipient without server), `forbidden`,
 * `not-found` (no referral of this fulfiller), `duplicate` (same identifier, other bytes: DOC-03). `told` is the identifier
 * that metadata gave the document, where, and how they say it was made; `parsed` what its bytes were parsed as.
 */
export async function receiveDocument(
  context: DocumentContext,
  sender: DocumentSender,
  bytes: Buffer,
  told?: { key: BusinessKey; at: string; circumstances: Circumstances },
  parsed?: AnyResource,
): Promise<Received> {
  const { rules } = context;
  requireFulfiller(sender);
  const profiles = [profileUrl(rules.bundleProfile)];
  const read = readDocument(bytes, (bundle) => context.validate(bundle, profiles), parsed);
  const document = told ? { ...read, circumstances: told.circumstances } : read;
  if (told && told.key !== document.key)
    throw refuse(
      'Les métadonnées donnent au document un autre identifiant que le sien (Bundle.identifier).',
      told.at,
    );
  const rule = checkForm(document, context);
  const print = document.status === 'preliminary' ? undefined : await context.print(document);
  return accept(context, sender, { document, rule, print, bytes, contentType: rules.contentType });
}

/** A PDF with its metadata, always final. Answers and throws as `receiveDocument` does. */
export async function receivePdf(
  context: DocumentContext,
  sender: DocumentSender,
  document: DocumentFacts,
  bytes: Buffer,
): Promise<Received> {
  requireFulfiller(sender);
  const rule = knownRule(document, context);
  return accept(context, sender, { document, rule, print: undefined, bytes, contentType: 'application/pdf' });
}

function requireFulfiller({ roles }: DocumentSender): void {
  if (!roles.includes('fulfiller'))
    throw thrown('forbidden', 'Ce client n’est pas autorisé à envoyer des documents.');
}

type Incoming = {
  document: DocumentFacts;
  rule: DocumentTypeRule;
  print: Buffer | undefined;
  bytes: Buffer;
  contentType: string;
};

async function accept(
  context: DocumentContext,
  sender: DocumentSender,
  { document, rule, print, bytes, contentType }: Incoming,
): Promise<Received> {
  const { store, clock, ids } = context;
  const isFinal = document.status !== 'preliminary';
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const circumstances = isFinal ? await circumstancesOf(context, sender.tenant, document, contentType) : {};
  const now = new Date(clock.now());
  return store.transaction(async (tx) => {
    const referral = await pathwayOf(tx, context, sender, document);
    const earlier = await tx.documents.byKey(sender.tenant, document.key);
    if (earlier) return again(tx, earlier, referral, sha256);
    await checkPatient(tx, context.pathway, referral, document);
    const step = await checkStep(tx, context.pathway, referral, document);
    const kept = keptAs(bytes, {
      ...{ tenant: sender.tenant, id: ids.uuid(), referralId: referral.id, key: document.key },
      ...{ status: isFinal ? 'final' : 'preliminary', contentType, createdAt: now },
      detail: { step: step.id, type: rule.type.code ?? null, client: sender.client },
    });
    const { client } = sender;
    const resource = isFinal
      ? await deliverFinal(tx, context, referral, step, {
          ...{ ...kept, document, circumstances, rule, print, client, now },
        })
      : await keepPreliminary(tx, context, referral, kept, client);
    await tx.audit.add({
      ...{ tenant: sender.tenant, at: now, actor: client, requestId: sender.requestId },
      ...{ action: 'document.receive', outcome: 'done' },
      entity: { referral: referral.id, document: kept.record.id },
    });
    return { status: 201, documentId: kept.record.id, resource };
  });
}

function knownRule(document: DocumentFacts, { rules }: DocumentContext): DocumentTypeRule {
  const rule = ruleOf(document.types, rules);
  if (rule) return rule;
  const known = Object.values(rules.types).map(({ title, type }) => `${title} (${type.code})`);
  throw refuse(
    `Type de document inconnu. Types connus : ${known.join(', ')}.`,
    'Bundle.entry[0].resource.type',
  );
}

/** What the bytes say by themselves: a known type, profiles, a status that can be received. */
function checkForm(document: ReadDocument, context: DocumentContext): DocumentTypeRule {
  const rule = knownRule(document, context);
  if (!['preliminary', 'final', 'amended'].includes(document.status))
    throw refuse(
      'Un document est reçu préliminaire, définitif ou corrigé.',
      'Bundle.entry[0].resource.status',
    );
  const composition = document.composition as unknown as AnyResource;
  const issues = context.validate(composition, [profileUrl(rule.profile)]);
  if (!hasErrors(issues)) return rule;
  const first = issues.find(({ severity }) => severity === 'error' || severity === 'fatal')!;
  throw new GatewayError({ category: 'unprocessable', side: 'sender', message: first.message, issues });
}

async function pathwayOf(
  tx: Repositories,
  { pathway }: DocumentContext,
  { tenant, server }: DocumentSender,
  { orderKeys }: DocumentFacts,
): Promise<Referral> {
  const referral = await pathway.find(tx, tenant, orderKeys);
  if (referral && referral.fulfillerServer === server) return referral;
  throw thrown(
    'not-found',
    'Ce document ne répond à aucune demande que vous prenez en charge (Composition.event.detail.identifier).',
  );
}

async function keepPreliminary(
  tx: Repositories,
  { rules }: DocumentContext,
  referral: Referral,
  { record, bytes }: Kept,
  client: string,
): Promise<AnyResource> {
  const { tenant, id } = referral;
  await tx.documents.insert(record, bytes);
  await tx.readers.add(tenant, record.id, [authorOf(referral)]);
  await tx.referrals.addEvent(tenant, id, {
    ...{ at: record.createdAt, kind: 'document-preliminary', actor: client },
    detail: { document: record.id, mapping: rules.version },
  });
  return preliminaryOutcome();
}

async function again(
  tx: Repositories,
  earlier: DocumentRecord,
  referral: Referral,
  sha256: string,
): Promise<Received> {
  if (earlier.sha256 !== sha256 || earlier.referralId !== referral.id)
    throw thrown(
      'duplicate',
      'Cet identifiant de document a déjà servi pour d’autres octets : un document ne change pas.',
    );
  const documentId = earlier.id;
  if (earlier.status === 'preliminary') return { status: 200, documentId, resource: preliminaryOutcome() };
  return { status: 200, documentId, resource: (await ownReference(tx, earlier.tenant, documentId))! };
}

function preliminaryOutcome(): AnyResource {
  const message = 'Document préliminaire conservé : il ne sera remis à personne.';
  const issue: Issue = { severity: 'information', code: 'informational', message };
  return outcomeOf([issue]) as unknown as AnyResource;
}

function thrown(category: 'forbidden' | 'not-found' | 'duplicate', message: string): GatewayError {
  return new GatewayError({ category, side: 'sender', message });
}
