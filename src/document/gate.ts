/** May this document go out now, and to whom: the pathway's order, its recipients, the patient's consent. */
import { decide } from '../consent/decide.ts';
import { criteriaFaults } from './criteria.ts';
import type { ConsentQuestion } from '../consent/types.ts';
import { GatewayError } from '../fhir/error.ts';
import type { IssueCode } from '../fhir/issue.ts';
import { keysOf } from '../fhir/key.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { MailboxOf } from './mssante/mailbox.ts';
import type { DocumentStep, Pathway, Recipient } from './pathway.ts';
import type { DocumentFacts } from './facts.ts';

/** Where a recipient gets the document: at their hospital's server, or in their MSSanté mailbox. */
export type Home = { recipient: Recipient } & ({ serverId: string } | { mailbox: string });

/** The document is about the patient of the referral, and carries no INS that may not leave. */
export async function checkPatient(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  { content, patient }: DocumentFacts,
): Promise<void> {
  const known = new Set(await pathway.patientKeys(tx, referral));
  if (!keysOf(patient).some((key) => known.has(key)))
    throw refuse(
      'Le patient du document n’est pas celui de la demande : aucun identifiant commun.',
      'Bundle.entry.resource.ofType(Patient).identifier',
    );
  if (pathway.leaksIns(content, patient))
    throw refuse(
      'L’INS ne circule qu’en vigueur (ni « old », ni period.end passé), pour une identité qualifiée et avec ses cinq traits : ' +
        'retirez-la du document.',
      'Bundle.entry',
    );
}

/** The step this document completes. A final one waits for the steps before it; a preliminary one may come early. */
export async function checkStep(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  document: DocumentFacts,
): Promise<DocumentStep> {
  const corrects = document.status !== 'preliminary' && pathway.mayBeCorrected(referral);
  if (!pathway.isInHand(referral) && !corrects)
    throw refuse('Cette demande n’est pas en cours de prise en charge.', 'Bundle.entry[0].resource.event');
  const step = await pathway.documentStep(tx, referral, document.types);
  if (!step)
    throw refuse(
      'Le parcours de cette demande n’attend pas de document de ce type.',
      'Bundle.entry[0].resource.type',
    );
  const { missing, title } = step;
  if (document.status !== 'preliminary' && missing.length > 0) {
    const count = missing.length === 1 ? 'il manque 1 étape' : `il manque ${missing.length} étapes`;
    const titles = missing.map((one) => `« ${one} »`).join(', ');
    throw refuse(
      `« ${title} » ne peut pas encore être définitive : ${count} avant elle (${titles}). ` +
        'Envoyez-la comme préliminaire (preliminary) ou réalisez ces étapes.',
      'Bundle.entry[0].resource.status',
    );
  }
  if (document.status !== 'preliminary') checkFile(step, document);
  return step;
}

/** The file holds what the pathway asks for; the document answers the team's criteria, and decides what later steps depend on. */
function checkFile(
  { title, lacking, decides, criteria, done }: DocumentStep,
  { decisions, assessments }: DocumentFacts,
): void {
  if (lacking.length > 0)
    throw refuse(
      `Avant « ${title} », il manque au dossier : ${lacking.join(', ')}. Demandez-les au demandeur, qui les ajoute à la ` +
        'tâche (Task.input).',
      ...['Bundle.entry[0].resource.event', 'required' as const],
    );
  const faults = assessments ? criteriaFaults(criteria, assessments) : [];
  if (faults.length > 0)
    throw refuse(
      `« ${title} » répond aux critères déclarés par l’équipe : ${faults.join(' ; ')}.`,
      ...['Bundle.entry[0].resource.section', 'required' as const],
    );
  const told = decisions.flatMap(({ coding }) => coding ?? []);
  const systems = new Set(decides.map(({ system }) => system));
  if (done || decides.length === 0 || told.some(({ system }) => systems.has(system))) return;
  throw refuse(
    `« ${title} » décide de la suite du parcours : donnez sa décision (Composition.event.code, ` +
      `${[...systems].join(', ')}).`,
    ...['Bundle.entry[0].resource.event[0].code', 'required' as const],
  );
}

/** Everybody the final document is for, each with their server and under consent; refused whole otherwise. */
export async function checkRecipients(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  step: DocumentStep,
  asked: Pick<ConsentQuestion, 'rules' | 'content'>,
  mailboxOf: MailboxOf,
  now: Date,
): Promise<Home[]> {
  const { recipients, unnamed } = await pathway.recipients(tx, referral, step.id);
  if (unnamed.length > 0)
    throw refuse(
      `Nommez d’abord l’exécutant de : ${unnamed.map((title) => `« ${title} »`).join(', ')}. ` +
        'Le document lui est destiné.',
    );
  return permittedHomes(tx, pathway, referral, recipients, asked, mailboxOf, now);
}

/** Each with their server or mailbox and under consent; refused whole otherwise. */
export async function permittedHomes(
  tx: Repositories,
  pathway: Pathway,
  referral: Referral,
  recipients: readonly Recipient[],
  asked: Pick<ConsentQuestion, 'rules' | 'content'>,
  mailboxOf: MailboxOf,
  now: Date,
): Promise<Home[]> {
  const { consents, patient } = await pathway.consents(tx, referral);
  const homes: Home[] = [];
  for (const recipient of recipients) {
    const home = homeOf(recipient, mailboxOf);
    const decision = decide({ consents, patient, recipient, now, ...asked });
    if (!decision.permit) throw refuse(`${decision.reason} ${decision.obtain}`, undefined, 'forbidden');
    homes.push(home);
  }
  return homes;
}

/** A recipient as an item keeps them, to ask the patient's consents again when it leaves. */
export function askedFor({ name, keys, careTeam }: Recipient): {
  name: string;
  keys: string[];
  careTeam: boolean;
} {
  return { name, keys, careTeam };
}

function homeOf(recipient: Recipient, mailboxOf: MailboxOf): Home {
  if (recipient.serverId !== undefined) return { recipient, serverId: recipient.serverId };
  const mailbox = mailboxOf(recipient.keys);
  if (mailbox !== undefined) return { recipient, mailbox };
  throw refuse(
    `Ni serveur configuré ni boîte MSSanté connue pour ce destinataire : ${recipient.name}. ` +
      'Indiquez l’un ou l’autre dans la configuration (servers.homeOf ou mssante.mailboxes).',
  );
}

/** 422 with one issue. */
export function refuse(
  message: string,
  expression?: string,
  code: IssueCode = 'business-rule',
): GatewayError {
  return new GatewayError({
    ...{ category: 'unprocessable', side: 'sender', message },
    issues: [{ severity: 'error', code, message, ...(expression ? { expression } : {}) }],
  });
}
