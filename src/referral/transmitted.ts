/** What of a referral was already given to whom, and whom of them the patient's consents do not cover any more. */
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { decide } from '../consent/decide.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import { keysOf, splitKey } from '../fhir/key.ts';
import { canonicalBase } from '../fhir/names.ts';
import type { AnyResource, CodeableConcept, Coding, Json } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { recipientOfCandidate } from './fulfiller-keys.ts';
import type { createPathway } from './pathway.ts';
import { relayedEvent, relayFoundEvent } from './relay-found.ts';
import type { ExchangeRules } from './rules.ts';

/** `what` in French, without a word of the patient; `content` are types of the documents among it. */
export type Transmitted = {
  recipient: ConsentRecipient;
  at: Date;
  what: string[];
  content: Coding[];
};

export type TransmittedParts = {
  servers: readonly ServerConfig[];
  pathway: Pick<ReturnType<typeof createPathway>, 'recipients' | 'consents'>;
  rules: ExchangeRules;
  clock: Clock;
};

/** What servers and mailboxes acknowledged and none of the patient's consents would let leave now. */
export async function noLongerCovered(
  tx: Repositories,
  referral: Referral,
  parts: TransmittedParts,
): Promise<Transmitted[]> {
  const { consents, patient } = await parts.pathway.consents(tx, referral);
  const asked = { consents, patient, rules: parts.rules.consent, now: new Date(parts.clock.now()) };
  const all = await transmittedOf(tx, referral, parts);
  return all.filter(({ recipient, content }) => !decide({ ...asked, recipient, content }).permit);
}

type Detail = {
  server?: string;
  document?: string;
  mailbox?: string;
  print?: string;
  step?: string;
  /** Absent from what older versions told: then everybody at that server. */
  candidate?: number;
  /** What was asked of a fulfiller, and whether anything was written for it. */
  event?: string;
  sent?: boolean;
  /** Whom a document was for when it was queued. */
  recipients?: ConsentRecipient[];
};

/** In the order of the ledger. */
async function transmittedOf(
  tx: Repositories,
  referral: Referral,
  { servers, pathway }: TransmittedParts,
): Promise<Transmitted[]> {
  const { tenant, id, patientId } = referral;
  const events = await tx.referrals.events(tenant, id);
  const candidates = await tx.candidates.of(tenant, [id]);
  const { resources } = await tx.clinical.search(tenant, {
    ...{ type: 'DocumentReference', patient: patientId, limit: 1000 },
  });
  const letters = resources.filter((one) => documentIn(one) === undefined);
  const homeOf = (server: string | undefined) => servers.find((one) => one.id === server);
  const found: Transmitted[] = [];
  for (const { kind, at, detail } of events) {
    const { server, document, mailbox, print, candidate, event, sent, recipients } = detailOf(detail);
    const isTold = kind === 'asked' && event === 'inform' && sent !== false;
    const what =
      kind === relayedEvent || kind === relayFoundEvent
        ? { what: ['la demande', ...letters.map(titleOf)], content: letters.flatMap(typesOf) }
        : { what: ['un complément au dossier'], content: [] };
    if (isTold || kind === relayedEvent || kind === relayFoundEvent)
      for (const one of candidates.filter(({ n, serverId }) => serverId === server && n === (candidate ?? n)))
        found.push({ recipient: await recipientOfCandidate(tx, one, referral, servers), at, ...what });
    if (kind !== 'document-delivered' || print !== undefined) continue;
    const reference = resources.find((one) => documentIn(one) === document);
    const people = reference && !recipients ? await recipientsOf(document, events) : [];
    const there =
      recipients ??
      people.filter(({ serverId }) => (mailbox === undefined ? serverId === server : !serverId));
    const place = {
      name: mailbox ?? homeOf(server)?.name ?? 'un destinataire',
      keys: homeOf(server)?.homeOf ?? [],
    };
    for (const recipient of reference ? (there.length ? there : [place]) : [])
      found.push({ recipient, at, what: [titleOf(reference!)], content: typesOf(reference!) });
  }
  return found;

  /** Whom the pathway names for a document; nobody by name once its plan is another's. */
  async function recipientsOf(document: string | undefined, ledger: readonly ReferralEvent[]) {
    const final = ledger.find(
      (one) => one.kind === 'document-final' && detailOf(one.detail).document === document,
    );
    const step = detailOf(final?.detail ?? null).step;
    if (step === undefined || referral.carePlanId === null || referral.candidate === null) return [];
    return (await pathway.recipients(tx, referral, step)).recipients;
  }
}

function detailOf(detail: Json): Detail {
  return (detail ?? {}) as Detail;
}

/** Id of the stored document that a DocumentReference of ours tells of; undefined for what came with the referral. */
function documentIn(reference: AnyResource): string | undefined {
  const keys = keysOf(reference).map(splitKey);
  return keys.find(({ system }) => system === `${canonicalBase}/document`)?.value;
}

function titleOf({ type }: AnyResource): string {
  return (type as CodeableConcept | undefined)?.text ?? 'un document';
}

function typesOf({ type }: AnyResource): Coding[] {
  return (type as CodeableConcept | undefined)?.coding ?? [];
}
