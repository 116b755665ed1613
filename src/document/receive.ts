/** Receiving a document: kept as received, and when it is final delivered to everybody it is for. */
import { createHash } from 'node:crypto';
import type { Clock, Ids } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import { outcomeOf } from '../fhir/outcome.ts';
import { splitKey } from '../fhir/key.ts';
import type { AnyResource, Coding } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories, Store } from '../store/store.ts';
import { deliverKind, deliveryItems } from './delivery.ts';
import { documentReference } from './document-reference.ts';
import { checkPatient, checkRecipients, checkStep, type Home, refuse } from './gate.ts';
import type { DocumentStep, Pathway } from './pathway.ts';
import { readDocument, type ReadDocument } from './read-document.ts';
import { type DocumentRules, type DocumentTypeRule, profileUrl, ruleOf } from './rules.ts';

export type DocumentContext = {
  store: Store;
  clock: Clock;
  ids: Ids;
  rules: DocumentRules & { purpose: Coding };
  validate: (resource: AnyResource, profiles: string[]) => Issue[];
  pathway: Pathway;
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
 * `not-found` (no referral of this fulfiller), `duplicate` (same identifier, other bytes: DOC-03).
 */
export async function receiveDocument(
  context: DocumentContext,
  sender: DocumentSender,
  bytes: Buffer,
): Promise<Received> {
  const { store, rules, clock, ids } = context;
  if (!sender.roles.includes('fulfiller'))
    throw thrown('forbidden', 'Ce client n’est pas autorisé à envoyer des documents.');
  const document = readDocument(bytes);
  const rule = checkForm(document, context);
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  const now = new Date(clock.now());
  return store.transaction(async (tx) => {
    const referral = await pathwayOf(tx, context, sender, document);
    const earlier = await tx.documents.byKey(sender.tenant, document.key);
    if (earlier) return again(tx, earlier, referral, digest('sha256'));
    await checkPatient(tx, context.pathway, referral, document);
    const step = await checkStep(tx, context.pathway, referral, document);
    const isFinal = document.composition.status !== 'preliminary';
    const record: DocumentRecord = {
      ...{ tenant: sender.tenant, id: ids.uuid(), referralId: referral.id, key: document.key },
      ...{ status: isFinal ? 'final' : 'preliminary', contentType: rules.contentType, size: bytes.length },
      ...{ sha1: digest('sha1'), sha256: digest('sha256'), createdAt: now },
      detail: { step: step.id, type: rule.type.code ?? null, client: sender.client },
    };
    const input = { document, record, rule };
    const resource = isFinal
      ? await deliver(tx, context, referral, step, { ...input, bytes, now, client: sender.client })
      : await keep(tx, referral, { ...input, bytes, now, client: sender.client });
    await tx.audit.add({
      ...{ tenant: sender.tenant, at: now, actor: sender.client, requestId: sender.requestId },
      ...{ action: 'document.receive', outcome: 'done' },
      entity: { referral: referral.id, document: record.id },
    });
    return { status: 201, documentId: record.id, resource };
  });
}

/** What the bytes say by themselves: a known type, profiles, a status that can be received. */
function checkForm(document: ReadDocument, { rules, validate }: DocumentContext): DocumentTypeRule {
  const rule = ruleOf(document.types, rules);
  if (!rule) {
    const known = Object.values(rules.types).map(({ title, type }) => `${title} (${type.code})`);
    throw refuse(
      `Type de document inconnu. Types connus : ${known.join(', ')}.`,
      'Bundle.entry[0].resource.type',
    );
  }
  if (!['preliminary', 'final', 'amended'].includes(document.composition.status))
    throw refuse(
      'Un document est reçu préliminaire, définitif ou corrigé.',
      'Bundle.entry[0].resource.status',
    );
  const composition = document.composition as unknown as AnyResource;
  const issues = [
    ...validate(document.bundle as unknown as AnyResource, [profileUrl(rules.bundleProfile)]),
    ...validate(composition, [profileUrl(rule.profile)]),
  ];
  if (!hasErrors(issues)) return rule;
  const first = issues.find(({ severity }) => severity === 'error' || severity === 'fatal')!;
  throw new GatewayError({ category: 'unprocessable', side: 'sender', message: first.message, issues });
}

async function pathwayOf(
  tx: Repositories,
  { pathway }: DocumentContext,
  { tenant, server }: DocumentSender,
  { orderKeys }: ReadDocument,
): Promise<Referral> {
  const referral = await pathway.find(tx, tenant, orderKeys);
  if (referral && referral.fulfillerServer === server) return referral;
  throw thrown(
    'not-found',
    'Ce document ne répond à aucune demande que vous prenez en charge (Composition.event.detail.identifier).',
  );
}

type Kept = {
  document: ReadDocument;
  record: DocumentRecord;
  rule: DocumentTypeRule;
  bytes: Buffer;
  now: Date;
  client: string;
};

async function keep(tx: Repositories, { tenant, id }: Referral, kept: Kept): Promise<AnyResource> {
  const { record, bytes, now, client } = kept;
  await tx.documents.insert(record, bytes);
  await tx.referrals.addEvent(tenant, id, {
    ...{ at: now, kind: 'document-preliminary', actor: client, detail: { document: record.id } },
  });
  return preliminaryOutcome();
}

async function deliver(
  tx: Repositories,
  { pathway, rules, clock, ids }: DocumentContext,
  referral: Referral,
  step: DocumentStep,
  kept: Kept,
): Promise<AnyResource> {
  const { document, record, rule, bytes, now, client } = kept;
  const { tenant, id } = referral;
  const replaced = await replacedBy(tx, referral, step, document);
  const recipients: Home[] = await checkRecipients(tx, pathway, referral, step, rules.purpose, now);
  await tx.documents.insert(record, bytes);
  const input = { document, record, rule, rules };
  const own = documentReference({
    ...input,
    ...{ url: `Binary/${record.id}`, order: pathway.orderKeys(referral).placer },
    patient: { reference: `Patient/${referral.patientId}` },
  });
  const stored = await tx.clinical.put(tenant, { ...own, id: ids.uuid() }, now);
  const outcome = { type: 'DocumentReference', identifier: splitKey(document.key), display: step.title };
  const changes = await pathway.complete(tx, referral, step.id, outcome);
  const items = await deliveryItems(tx, pathway, referral, {
    ...{ ...input, recipients },
    ...(replaced ? { replaces: replaced } : {}),
  });
  await enqueue(tx, [...items, ...changes], clock);
  const event = { at: now, actor: client };
  await tx.referrals.addEvent(tenant, id, {
    ...{ ...event, kind: 'document-final', detail: { document: record.id, step: step.id } },
  });
  for (const { serverId } of items)
    await tx.referrals.addEvent(tenant, id, {
      ...{ ...event, kind: 'queued', detail: { kind: deliverKind, server: serverId, document: record.id } },
    });
  return stored;
}

/** Once a step has its final document, only one that says which it replaces may follow (DOC-03). */
async function replacedBy(
  tx: Repositories,
  referral: Referral,
  step: DocumentStep,
  { composition }: ReadDocument,
): Promise<string | undefined> {
  if (!step.done) return undefined;
  const replaced = (composition.relatesTo ?? [])
    .filter(({ code }) => code === 'replaces')
    .map(({ targetIdentifier }) => `${targetIdentifier?.system}|${targetIdentifier?.value}`);
  const earlier = (await tx.documents.ofReferral(referral.tenant, referral.id)).find(
    ({ key, status }) => status === 'final' && replaced.includes(key),
  );
  if (earlier) return earlier.id;
  throw refuse(
    `« ${step.title} » a déjà été reçue : un correctif nomme le document qu’il remplace (relatesTo, replaces).`,
    'Bundle.entry[0].resource.relatesTo',
  );
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
  const { resources } = await tx.clinical.search(earlier.tenant, {
    ...{ type: 'DocumentReference', patient: referral.patientId, limit: 100 },
  });
  const own = resources.find(({ masterIdentifier }) => {
    const { system, value } = (masterIdentifier ?? {}) as { system?: string; value?: string };
    return `${system}|${value}` === earlier.key;
  });
  return { status: 200, documentId, resource: own! };
}

function preliminaryOutcome(): AnyResource {
  const message = 'Document préliminaire conservé : il ne sera remis à personne.';
  const issue: Issue = { severity: 'information', code: 'informational', message };
  return outcomeOf([issue]) as unknown as AnyResource;
}

function thrown(category: 'forbidden' | 'not-found' | 'duplicate', message: string): GatewayError {
  return new GatewayError({ category, side: 'sender', message });
}
