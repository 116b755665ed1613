/** Recording a consultation: it completes its step of the care plan, in the order of the pathway, once. */
import { enqueue } from '../delivery/enqueue.ts';
import { hasErrors } from '../fhir/issue.ts';
import { keyOf, keysOf } from '../fhir/key.ts';
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource, Encounter, Identifier, Json, Reference } from '../fhir/types.ts';
import type { Repositories } from '../store/store.ts';
import type { Caller, ReferralContext } from './context.ts';
import { locateStep, type LocatedStep, referenceKey } from './locate-step.ts';
import { lackingPieces } from './file-pieces.ts';
import { isEnded, type TaskState } from './machine.ts';
import { partKey, profileUrl } from './names.ts';
import { valuesOf } from './parts.ts';
import { planItem } from './plan-items.ts';
import { planStateOf } from './plan-state.ts';
import { completeStep, isDone, isExcluded, missingBefore, type PlanState } from './progress.ts';
import { quorumFaults } from './quorum.ts';
import { type Judged, judgeSeats } from './seats.ts';
import { duplicate, notAllowed, notFound, refusal, refused } from './refuse.ts';

export type Recorded = { status: number; resource: AnyResource & { id: string } };

/**
 * Records a finished Encounter whose `basedOn` names the order of a step. 201 the first time, 200 when the same
 * encounter is posted again. Throws `forbidden`, `not-found`, `unprocessable` (out of order, too few participants,
 * another patient), `duplicate` (same identifier, other content).
 */
export async function recordConsultation(
  context: ReferralContext,
  caller: Caller,
  resource: AnyResource,
): Promise<Recorded> {
  const { store, rules, validate } = context;
  const { tenant, client } = caller;
  if (!caller.roles.includes('fulfiller'))
    throw notAllowed('Ce client n’est pas autorisé à enregistrer des consultations.');
  const issues = validate(resource, [profileUrl(rules.referral.profiles.consultation)]);
  if (hasErrors(issues)) throw refused(issues);
  const encounter = resource as unknown as Encounter;
  const key = (encounter.identifier ?? []).map(keyOf).find(Boolean);
  if (!key)
    throw refusal(
      'La consultation porte un identifiant (system et value).',
      'Encounter.identifier',
      'required',
    );
  if (encounter.status !== 'finished')
    throw refusal('Seule une consultation terminée (finished) fait avancer le parcours.', 'Encounter.status');
  const located = await locateStep(store, caller, encounter.basedOn?.[0]);
  if (!located)
    throw notFound('Cette consultation ne se rattache à aucune étape de parcours que vous prenez en charge.');

  const hash = contentHash(resource);
  const now = new Date(context.clock.now());
  const id = context.ids.uuid();
  const judged = await judgedBy(context, encounter);
  return store.transaction(async (tx) => {
    const intake = { hash, status: 201, response: { id } };
    if (!(await tx.intake.claim(tenant, client, `encounter:${key}`, intake, now)))
      return earlier(tx, caller, `encounter:${key}`, hash);
    const stored = await record(tx, context, caller, located, { ...resource, id }, judged, now);
    return { status: 201, resource: stored };
  });
}

async function earlier(
  tx: Repositories,
  { tenant, client }: Caller,
  key: string,
  hash: string,
): Promise<Recorded> {
  const intake = (await tx.intake.find(tenant, client, key)).earlier!;
  if (intake.hash !== hash)
    throw duplicate('Cet identifiant de consultation a déjà servi pour un autre contenu.');
  const { id } = intake.response as { id: string };
  return { status: 200, resource: (await tx.clinical.get(tenant, 'Encounter', id))! };
}

async function record(
  tx: Repositories,
  { clock, rules }: ReferralContext,
  { tenant, client, requestId }: Caller,
  { referral: { id: referralId }, stepId }: LocatedStep,
  encounter: AnyResource & { id: string },
  judged: Judged,
  now: Date,
): Promise<AnyResource & { id: string }> {
  const referral = (await tx.referrals.lock(tenant, referralId))!;
  const state = await planStateOf(tx, referral);
  if (!state || isEnded(referral.state as TaskState))
    throw refusal('Cette demande n’est pas en cours de prise en charge.', 'Encounter.basedOn');
  checkOrder(state, stepId);
  const step = state.steps.find(({ id }) => id === stepId)!;
  const lacking = await lackingPieces(tx, referral, step, rules.referral);
  if (lacking.length > 0)
    throw refusal(
      `Avant « ${step.title} », il manque au dossier : ${lacking.join(', ')}. Demandez-les au demandeur, qui les ajoute ` +
        'à la tâche (Task.input).',
      'Encounter.basedOn',
      'required',
    );
  checkParticipants(state, stepId, encounter, judged);
  const patient = (await tx.clinical.get(tenant, 'Patient', referral.patientId))!;
  checkSubject(encounter['subject'] as Reference | undefined, patient, referralId);

  const [identifier] = valuesOf(encounter, 'identifier') as Identifier[];
  const kept = {
    ...(withoutForeignLinks(encounter) as AnyResource & { id: string }),
    subject: { reference: `Patient/${referral.patientId}` },
    basedOn: [{ reference: `ServiceRequest/${state.orders.get(stepId)!.id}` }],
  };
  const stored = await tx.clinical.put(tenant, kept, now);
  const outcome = { reference: `Encounter/${stored.id}`, type: 'Encounter', identifier: identifier! };
  const { changed } = completeStep(state, stepId, outcome);
  for (const one of changed) await tx.clinical.put(tenant, one, now);
  await enqueue(tx, [planItem(referral, changed)], clock);
  const detail: Json = { step: stepId, encounter: stored.id, ...(step.quorum ? told(judged) : {}) };
  await tx.referrals.addEvent(tenant, referralId, { at: now, kind: 'consultation', actor: client, detail });
  await tx.audit.add({
    ...{ tenant, at: now, actor: client, action: 'consultation.record', requestId, outcome: 'done' },
    entity: { referral: referralId, encounter: stored.id },
  });
  return stored;
}

function checkOrder(state: PlanState, stepId: string): void {
  const step = state.steps.find(({ id }) => id === stepId);
  if (step?.kind !== 'order' || !state.orders.has(stepId))
    throw refusal('Cette étape du parcours n’est pas une consultation.', 'Encounter.basedOn');
  if (isExcluded(state, stepId))
    throw refusal(`« ${step.title} » n’a pas lieu : l’avis rendu en a décidé ainsi.`, 'Encounter.basedOn');
  if (isDone(state, stepId))
    throw refusal(`L’étape « ${step.title} » est déjà réalisée.`, 'Encounter.basedOn');
  const missing = missingBefore(state, stepId);
  if (missing.length > 0) {
    const titles = missing.map(({ title }) => `« ${title} »`).join(', ');
    throw refusal(`Avant « ${step.title} », il manque : ${titles}.`, 'Encounter.basedOn');
  }
}

/** Different people, each by an identifier: what only the sender's server knows of them is not kept. */
function checkParticipants(state: PlanState, stepId: string, encounter: AnyResource, judged: Judged): void {
  const { participants, title, quorum = [] } = state.steps.find(({ id }) => id === stepId)!;
  const people = (encounter as unknown as Encounter).participant ?? [];
  const keys = people.map(({ individual }) => referenceKey(individual));
  const nameless = keys.indexOf(undefined);
  if (nameless >= 0)
    throw refusal(
      'Chaque professionnel présent est désigné par son identifiant national (RPPS).',
      `Encounter.participant[${nameless}].individual`,
      'value',
    );
  const present = new Set(keys).size;
  if (present < participants)
    throw refusal(
      `« ${title} » réunit au moins ${participants} professionnels ; ${present} indiqué(s).`,
      'Encounter.participant',
    );
  const faults = quorumFaults(quorum, judged.counted);
  const [first] = judged.contradicted;
  if (faults.length > 0 && first)
    throw refused(
      judged.contradicted.map(({ at, has }) => ({
        ...{ severity: 'error', code: 'business-rule', expression: at },
        message:
          `L’annuaire contredit cette discipline (il y lit : ${has.join(', ')}) : ce siège ne compte pas, et « ${title} » ` +
          `n’a pas son quorum (${faults.join(' ; ')}). Corrigez la discipline, ou faites corriger l’annuaire.`,
      })),
    );
  if (faults.length > 0)
    throw refusal(
      `« ${title} » n’a pas son quorum (${faults.join(' ; ')}). Chaque participant est donné avec sa discipline (type).`,
      'Encounter.participant',
    );
}

/** Disciplines are looked up only where some are told: a consultation names people alone. */
async function judgedBy({ disciplinesOf, rules }: ReferralContext, encounter: Encounter): Promise<Judged> {
  const people = (encounter.participant ?? []).filter(({ type = [] }) => type.length > 0);
  const keys = people.flatMap(({ individual }) => referenceKey(individual) ?? []);
  const held = keys.length ? await disciplinesOf(keys) : new Map<string, never>();
  return judgeSeats(encounter, held, rules.disciplines);
}

/** What the ledger says of a meeting whose quorum was counted: paths into what was sent, and a sentence. */
function told({ contradicted, asTold }: Judged): { [name: string]: Json } {
  const said = [
    ...(contradicted.length
      ? [
          `sans ${contradicted.length} siège(s) que l’annuaire contredit (${contradicted.map(({ at }) => at).join(', ')})`,
        ]
      : []),
    ...(asTold.length
      ? [
          `${asTold.length} discipline(s) comptée(s) comme dites, l’annuaire n’en disant rien (${asTold.join(', ')})`,
        ]
      : []),
  ];
  return said.length ? { said: `Quorum ${said.join(' ; ')}.` } : {};
}

/** The gateway's own id or a number of this very patient; any other patient is refused. */
function checkSubject(
  subject: Reference | undefined,
  patient: AnyResource & { id: string },
  referralId: string,
): void {
  const key = referenceKey(subject);
  const known = [...keysOf(patient), partKey(referralId, 'patient')];
  if (subject?.reference === `Patient/${patient.id}` || (key !== undefined && known.includes(key))) return;
  throw refusal('La consultation ne concerne pas le patient de cette demande.', 'Encounter.subject');
}

/** What only the sender's server can show is not kept: references stay logical (P-22). */
function withoutForeignLinks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutForeignLinks);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name, child]) => name !== 'reference' || typeof child !== 'string',
  );
  return Object.fromEntries(entries.map(([name, child]) => [name, withoutForeignLinks(child)]));
}
