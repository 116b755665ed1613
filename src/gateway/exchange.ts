/** The clinical rooms joined: what `/fhir` hands to them, what delivery asks of them, what follows a Task. */
import type { Apply, Answer, Exchange, RequestContext, Update, Write } from '../api/types.ts';
import type { Clock, Ids } from '../clock.ts';
import type { Config } from '../config.ts';
import { patchOrNothing, patchOrUpdate } from '../delivery/patch.ts';
import type { Effect, Prepare } from '../delivery/types.ts';
import { communesIn } from '../directory/communes-in.ts';
import { closedOf } from '../directory/closed.ts';
import { disciplinesOf } from '../directory/disciplines.ts';
import { createReading } from '../document/access/reading.ts';
import { deliverKind, documentEffect, introduceKind } from '../document/delivery.ts';
import { receiveSimplified } from '../document/mhd/receive-simplified.ts';
import { receiveSubmission } from '../document/mhd/receive-submission.ts';
import { sendToNewlyNamed } from '../document/newly-named.ts';
import { supersedeKind } from '../document/supersede.ts';
import { createMssante } from '../document/mssante/mailbox.ts';
import { createPrinter } from '../document/print/printer.ts';
import { type DocumentContext, receiveDocument } from '../document/receive.ts';
import { readDocumentRules } from '../document/rules.ts';
import { readPackageRules } from '../document/xdm/rules.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Log } from '../log.ts';
import { acceptReferral } from '../referral/accept.ts';
import { acknowledgedTask } from '../referral/acknowledge.ts';
import { updateAcknowledgement } from '../referral/correction.ts';
import { relayKind } from '../referral/candidate.ts';
import { answerProposal } from '../referral/answer-proposal.ts';
import { applyPlan, asContained } from '../referral/apply.ts';
import { askKind, prepareAsk } from '../referral/ask-item.ts';
import { circleKind } from '../referral/circle/ask-circle.ts';
import { prepareCircle } from '../referral/circle/prepare-circle.ts';
import { unlessOvertaken } from '../referral/circle/unless-overtaken.ts';
import { actsAs } from '../referral/acts-as.ts';
import { assignPerformer, type ToNewlyNamed } from '../referral/assign.ts';
import { recordConsultation } from '../referral/consult.ts';
import { type Collected, collectReferrals } from '../referral/collect.ts';
import { consentAtSend } from '../referral/consent-at-send.ts';
import type { ReferralContext } from '../referral/context.ts';
import { referralEffects } from '../referral/effects.ts';
import { type Followed, followTasks } from '../referral/follow.ts';
import { createPathway, type Pathway } from '../referral/pathway.ts';
import { createAbort, updateOrder, updateTask } from '../referral/placer.ts';
import { transferTask } from '../referral/transfer-task.ts';
import { updateConsent } from '../referral/update-consent.ts';
import { prepareRelay } from '../referral/prepare-relay.ts';
import { preparePatient } from '../referral/prepare-patient.ts';
import { knownProtocols } from '../referral/known-protocols.ts';
import { type ExchangeRules, readExchangeRules } from '../referral/rules.ts';
import { prepareTell, tellKind } from '../referral/tell-placer.ts';
import { watchClocks, type WatchResult } from '../referral/watch.ts';
import type { FhirServer } from '../server/types.ts';
import type { Store } from '../store/store.ts';
import type { JudgedOnce } from '../validation/judged-once.ts';
import { directoryRules } from './directory-rules.ts';
import { structureTypes } from './structure-types.ts';
import type { Subscriptions } from './subscriptions.ts';

export type ExchangeParts = {
  config: Config;
  store: Store;
  servers: ReadonlyMap<string, FhirServer>;
  validate: JudgedOnce['again'];
  mappings: string;
  /** Folder of the fonts that documents are printed with. */
  fonts: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  subscriptions: Subscriptions['handlers'];
};

export type Exchanges = {
  handlers: Exchange;
  effects: ReadonlyMap<string, Effect>;
  prepare: ReadonlyMap<string, Prepare>;
  /** Looks at the Tasks of open referrals, of all servers or of one. */
  follow(tenant: string, server?: string): Promise<Followed>;
  /** Fetches referrals placed at servers' own lists of Tasks. */
  collect(tenant: string, server?: string): Promise<Collected>;
  /** Tells what became late. */
  watch(tenant: string): Promise<WatchResult>;
  rules: ExchangeRules;
  documents: DocumentContext;
  pathway: Pathway;
  referrals: ReferralContext;
};

/** Joins referrals, documents and consent over one store. */
export function createExchanges(parts: ExchangeParts): Exchanges {
  const { config, store, servers, validate, mappings, fonts, clock, ids } = parts;
  const rules = readExchangeRules(mappings);
  const documentRules = readDocumentRules(mappings);
  const mssante = createMssante(config.mssante, readPackageRules(mappings, documentRules.confidentiality));
  const { mailboxOf } = mssante;
  const referrals: ReferralContext = {
    store,
    protocolsAt: knownProtocols(store.protocols),
    clock,
    ids,
    servers: config.servers,
    rules,
    validate,
    mailboxOf,
    disciplinesOf: (persons) => disciplinesOf(store.directorySearch, persons),
    closedOf: (keys) => closedOf(store.directorySearch, keys),
    communesOf: (text) => communesIn(directoryRules(mappings).communes(), text),
  };
  const pathway = createPathway({ servers: config.servers, rules, clock });
  const documents: DocumentContext = {
    ...{ store, clock, ids, validate, pathway, print: createPrinter(fonts) },
    mssante,
    rules: documentRules,
    typesOf: structureTypes(store),
  };
  const connect = (serverId: string): FhirServer => {
    const server = servers.get(serverId);
    if (server) return server;
    throw new GatewayError({
      category: 'unavailable',
      side: 'gateway',
      message: `Le serveur ${serverId} n’est plus dans la configuration.`,
    });
  };
  const underConsent = (then: Prepare): Prepare =>
    consentAtSend({ store, pathway, rules, servers: config.servers, clock }, then);
  const patient = underConsent(preparePatient({ store, connect, rules, servers: config.servers, clock }));
  return {
    documents,
    pathway,
    referrals,
    handlers: {
      ...handlersOf(referrals, documents, pathway, parts.subscriptions),
      reading: createReading({ store, pathway, servers: config.servers, rules: rules.consent, clock }),
    },
    effects: new Map<string, Effect>([
      ...referralEffects(clock),
      [deliverKind, documentEffect(pathway, () => new Date(clock.now()))],
    ]),
    prepare: new Map([
      [relayKind, prepareRelay({ store }, patient)],
      [deliverKind, patchOrNothing({ store }, patient)],
      [supersedeKind, patchOrUpdate({ store }, async ({ entries }) => [...entries])],
      [introduceKind, patient],
      [askKind, underConsent(prepareAsk({ store, connect }))],
      [circleKind, unlessOvertaken(store, underConsent(prepareCircle({ store, connect, rules, clock })))],
      [tellKind, prepareTell({ store, connect, clock })],
    ]),
    follow: (tenant, server) =>
      followTasks({ ...referrals, connect, pathway, log: parts.log }, tenant, server),
    collect: (tenant, server) =>
      collectReferrals({ ...referrals, connect, clients: config.clients, log: parts.log }, tenant, server),
    watch: (tenant) => watchClocks({ ...referrals, log: parts.log }, tenant),
    rules,
  };
}

function handlersOf(
  referrals: ReferralContext,
  documents: DocumentContext,
  pathway: Pathway,
  subscriptions: Subscriptions['handlers'],
): Omit<Exchange, 'reading'> {
  const acceptTransaction: Write = async (context, { resource }) => {
    const { status, response } = await acceptReferral(referrals, callerOf(context), resource);
    return { status, resource: response };
  };
  const receive: Write = async (context, posted) => {
    // The command line hands over bytes alone: they are parsed where they are judged.
    const read = posted.resource['type'] === 'document' ? posted.resource : undefined;
    const sender = callerOf(context);
    const { status, resource } = await receiveDocument(documents, sender, posted.raw, undefined, read);
    return { status, resource };
  };
  const submit: Write = async (context, { resource }) => {
    const { status, response } = await receiveSubmission(documents, callerOf(context), resource);
    return { status, resource: response };
  };
  const publish: Write = async (context, { resource }) => {
    const received = await receiveSimplified(documents, callerOf(context), resource);
    const { status, resource: told } = received;
    const location = told.resourceType === 'DocumentReference' ? `DocumentReference/${told.id}` : undefined;
    return { status, resource: told, ...(location ? { location } : {}) };
  };
  const record: Write = async (context, { resource }) => {
    const recorded = await recordConsultation(referrals, callerOf(context), resource);
    return { ...recorded, location: `Encounter/${recorded.resource.id}` };
  };
  const abort: Write = async (context, { resource }) => {
    const asked = await createAbort(referrals, callerOf(context), resource);
    return { ...asked, location: `Task/${asked.resource.id}` };
  };
  const order: Update = async (context, { resource, id, ifMatch }) => {
    const { tenant, roles } = context.caller;
    const { store } = referrals;
    const placed = await store.referrals.byResource(tenant, 'order_id', id);
    const current = await store.clinical.get(tenant, 'ServiceRequest', id);
    if (current?.['intent'] === 'proposal') {
      const answered = await answerProposal(referrals, callerOf(context), { ...resource, id }, ifMatch);
      return { status: 200, resource: answered };
    }
    const act = roles.includes('fulfiller') && !placed ? assignPerformer : updateOrder;
    const toNewlyNamed: ToNewlyNamed = (tx, ...named) => sendToNewlyNamed(tx, documents, ...named);
    const parts = { ...referrals, toNewlyNamed };
    return { status: 200, resource: await act(parts, callerOf(context), { ...resource, id }, ifMatch) };
  };
  const task: Update = async (context, { resource, id, ifMatch }) => {
    const { roles, tenant } = context.caller;
    const parts = { ...referrals, pathway };
    const stored = await referrals.store.clinical.get(tenant, 'Task', id);
    if (stored && acknowledgedTask(stored)) {
      const seen = await updateAcknowledgement(parts, callerOf(context), { ...resource, id }, ifMatch);
      return { status: 200, resource: seen };
    }
    const referral = await referrals.store.referrals.byResource(tenant, 'task_id', id);
    const side = actsAs({ ...callerOf(context), roles }, referral);
    const act = side === 'placer' ? updateTask : transferTask;
    return { status: 200, resource: await act(parts, callerOf(context), { ...resource, id }, ifMatch) };
  };
  const consent: Update = async (context, { resource, id, ifMatch }) => {
    const stored = await updateConsent(referrals, callerOf(context), { ...resource, id }, ifMatch);
    return { status: 200, resource: stored };
  };
  return {
    acceptTransaction,
    receiveSubmission: submit,
    receiveDocument: receive,
    ...subscriptions,
    create: { DocumentReference: publish, Encounter: record, Task: abort, ...subscriptions.create },
    update: { ServiceRequest: order, Task: task, Consent: consent, ...subscriptions.update },
    apply: applier(referrals),
  };
}

/** `$apply` shows the plan a referral would get; nothing is stored (CORE-16). */
function applier({ store, rules }: ReferralContext): Apply {
  return async ({ caller }, { planDefinition, subject }): Promise<Answer> => {
    const protocol = await store.protocols.byCanonical(caller.tenant, planDefinition);
    if (!protocol) throw refusal('not-found', 'Aucun protocole de ce nom.');
    if (subject === undefined)
      throw refusal('invalid', 'Indiquez le paramètre « subject », par exemple Patient/<id>.');
    const { plan, activities, teams } = protocol;
    const applied = applyPlan(
      { plan, activities, teams, subject: { reference: subject }, status: 'draft' },
      rules.referral,
    );
    return { status: 200, resource: asContained(applied) };
  };
}

function refusal(category: 'not-found' | 'invalid', message: string): GatewayError {
  return new GatewayError({ category, side: 'sender', message });
}

function callerOf({ caller, requestId }: RequestContext) {
  return { ...caller, requestId };
}
