/** The pathway of a referral as documents see it; `document/` states what it needs, `gateway.ts` joins the two. */
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { withIdentifiedActors } from '../consent/actors.ts';
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import { hasCoding, shareCoding } from '../fhir/coding.ts';
import { type BusinessKey, keysOf, splitKey } from '../fhir/key.ts';
import { fillerOrderSystem } from '../fhir/names.ts';
import type { AnyResource, CodeableConcept, Coding, Consent, Patient, Reference } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { joinCircle } from './circle/ask-circle.ts';
import { completeIfDone } from './close.ts';
import { type Correction, noteCorrection } from './correction.ts';
import { lackingPieces } from './file-pieces.ts';
import { isEnded, move, type TaskState } from './machine.ts';
import { fillerOrderKey, partKey, referralOfFiller } from './names.ts';
import { leaksIns } from './patient.ts';
import { patientEntries, patientReference } from './patient-entries.ts';
import { planItem } from './plan-items.ts';
import { planStateOf } from './plan-state.ts';
import {
  completeStep,
  criteriaFor,
  decisionsAfter,
  isDone,
  laterSteps,
  missingBefore,
  type PlanState,
} from './progress.ts';
import { referenceKey } from './locate-step.ts';
import { keysOfFulfiller, ownKeysOfFulfiller } from './fulfiller-keys.ts';
import { keysOfParty } from './party-keys.ts';
import { homeServer } from './route.ts';
import type { ExchangeRules } from './rules.ts';

export type PathwayParts = {
  servers: readonly ServerConfig[];
  rules: ExchangeRules;
  clock: Clock;
};

/**
 * Somebody a document is for. `serverId` undefined: no configured server keeps their records. `careTeam`: of the establishment
 * that sends it.
 */
export type Recipient = {
  name: string;
  keys: BusinessKey[];
  serverId: string | undefined;
  careTeam: boolean;
};

export type Pathway = ReturnType<typeof createPathway>;

/** A pathway; every function works inside the transaction it is given. */
export function createPathway({ servers, rules, clock }: PathwayParts) {
  return {
    /** The referral that an order identifier names (the gateway's filler order, or the placer's), locked. */
    async find(
      tx: Repositories,
      tenant: string,
      orderKeys: readonly BusinessKey[],
    ): Promise<Referral | undefined> {
      for (const key of orderKeys) {
        const { system, value } = splitKey(key);
        const found =
          system === fillerOrderSystem
            ? await tx.referrals.lock(tenant, referralOfFiller(value))
            : await onlyOne(tx, tenant, key);
        if (found) return found;
      }
      return undefined;
    },

    /** True while the fulfiller has it in hand: accepted and not ended. */
    isInHand({ state, carePlanId }: Referral): boolean {
      return carePlanId !== null && !isEnded(state as TaskState);
    },

    /** True once it is completed: a final document may still be replaced or completed by another. */
    mayBeCorrected({ state }: Referral): boolean {
      return 'to' in move(state as TaskState, 'correct', 'fulfiller', { output: true });
    },

    /** A newer document came after the end: somebody is to take note of it. */
    corrected: (tx: Repositories, referral: Referral, correction: Correction): Promise<void> =>
      noteCorrection(tx, { clock, rules }, referral, correction),

    /** Identifiers under which the sender may know the patient. */
    async patientKeys(tx: Repositories, { tenant, id, patientId }: Referral): Promise<BusinessKey[]> {
      const patient = await tx.clinical.get(tenant, 'Patient', patientId);
      return [...(patient ? keysOf(patient) : []), partKey(id, 'patient')];
    },

    /**
     * The step that yields documents of this type, what is still to be done or to be sent before it, decisions that the
     * steps after it depend on, and whether it is done.
     */
    async documentStep(tx: Repositories, referral: Referral, types: readonly Coding[]) {
      const state = await planStateOf(tx, referral);
      const step = state?.steps.find(({ produces }) => shareCoding(produces, types));
      if (!state || !step) return undefined;
      const missing = missingBefore(state, step.id).map(({ title }) => title);
      const lacking = await lackingPieces(tx, referral, step, rules.referral);
      const decides = decisionsAfter(state, step.id);
      const criteria = criteriaFor(state, step.id);
      const done = isDone(state, step.id);
      return { id: step.id, title: step.title, missing, lacking, decides, criteria, done };
    },

    /**
     * The requester of the referral, then whom the steps that follow hand the patient to, nobody without a plan; `unnamed` are
     * steps without one.
     */
    async recipients(
      tx: Repositories,
      referral: Referral,
      stepId: string,
    ): Promise<{ recipients: Recipient[]; unnamed: string[] }> {
      const state = await planStateOf(tx, referral);
      const performers = state ? handedTo(state, stepId) : [];
      const sender = await ownKeysOfFulfiller(tx, referral);
      return {
        recipients: [
          await requesterOf(tx, referral, sender),
          ...performers.flatMap(({ people }) => people.map((person) => recipientOf(person, sender))),
        ],
        unnamed: performers.filter(({ people }) => people.length === 0).map(({ title }) => title),
      };
    },

    /** Under which keys the requester and whoever has the referral may be named. */
    async parties(
      tx: Repositories,
      referral: Referral,
    ): Promise<{ requester: BusinessKey[]; fulfiller: BusinessKey[] }> {
      const { keys } = await requesterOf(tx, referral);
      return { requester: keys, fulfiller: await keysOfFulfiller(tx, referral, servers) };
    },

    /** Consents of the referral's patient, and the reference they name the patient by. */
    async consents(
      tx: Repositories,
      { tenant, patientId }: Referral,
    ): Promise<{ consents: Consent[]; patient: string }> {
      const resources = await tx.clinical.ofPatient(tenant, 'Consent', patientId, 100);
      const consents: Consent[] = [];
      for (const resource of resources as unknown as Consent[])
        consents.push(
          await withIdentifiedActors(resource, async (actor, type) => {
            const { named, behind } = await keysOfParty(tx, tenant, actor);
            return type === 'deny' ? [...named, ...behind] : named;
          }),
        );
      return { consents, patient: `Patient/${patientId}` };
    },

    /** Marks a document's step completed; answers what then has to be sent. */
    async complete(
      tx: Repositories,
      referral: Referral,
      stepId: string,
      outcome: Reference,
      decisions: readonly Coding[],
    ): Promise<NewItem[]> {
      const state = await planStateOf(tx, referral);
      if (!state || isDone(state, stepId)) return [];
      const { changed } = completeStep(state, stepId, outcome, decisions);
      for (const one of changed) await tx.clinical.put(referral.tenant, one, new Date(clock.now()));
      const people = handedTo(state, stepId).flatMap((one) => one.people);
      const circle = await joinCircle(tx, referral, people, { rules, now: new Date(clock.now()) });
      return [planItem(referral, changed), ...circle];
    },

    /** Reference to the patient at a receiving server, and the entries that must come with it the first time. */
    async patientAt(
      tx: Repositories,
      referral: Referral,
    ): Promise<{ reference: { reference: string }; entries: WriteEntry[] }> {
      const patient = await tx.clinical.get(referral.tenant, 'Patient', referral.patientId);
      const now = new Date(clock.now());
      return {
        reference: patientReference(referral.id),
        entries: patientEntries(referral.id, patient as unknown as Patient, rules, now),
      };
    },

    /** The identifiers of the order that a document answers: the placer's, and the gateway's own. */
    orderKeys({ id, orderKey, candidate }: Referral): { placer: BusinessKey; filler: BusinessKey } {
      return { placer: orderKey, filler: fillerOrderKey(id, candidate ?? 1) };
    },

    /** True when a document about the patient carries an INS that may not leave. */
    leaksIns: (bundle: unknown, patient: AnyResource): boolean =>
      leaksIns(bundle, patient as unknown as Patient, rules.identity, new Date(clock.now())),

    /** How a server takes documents as submissions (IHE MHD, ITI-65 or ITI-105). */
    submissionsOf(serverId: string): 'provided' | 'simplified' | undefined {
      const submissions = servers.find(({ id }) => id === serverId)?.submissions;
      return submissions === true ? 'provided' : submissions || undefined;
    },

    /** To be called when a document has arrived somewhere: the referral may now have come to its end. */
    settle: (tx: Repositories, tenant: string, referralId: string): Promise<boolean> =>
      completeIfDone(tx, tenant, referralId, new Date(clock.now())),
  };

  /** The steps after one that do so, and to whom. */
  function handedTo(state: PlanState, stepId: string): { title: string; people: Reference[] }[] {
    return laterSteps(state, stepId)
      .filter(({ id }) => handsOver(state, id))
      .map(({ id, title }) => ({ title, people: performersOf(state, id) }));
  }

  /** A step that hands the patient to somebody else; the fulfiller does the others itself. */
  function handsOver({ orders }: PlanState, stepId: string): boolean {
    const code = orders.get(stepId)?.['code'] as CodeableConcept | undefined;
    return hasCoding(code, rules.referral.reorientation.activity);
  }

  async function requesterOf(
    tx: Repositories,
    { tenant, orderId, placerServer }: Referral,
    sender: readonly BusinessKey[] = [],
  ): Promise<Recipient> {
    const order = await tx.clinical.get(tenant, 'ServiceRequest', orderId);
    const requester = order?.['requester'] as Reference | undefined;
    const home = servers.find(({ id }) => id === placerServer);
    const { named, behind } = await keysOfParty(tx, tenant, requester);
    const own = [...named, ...behind];
    const keys = [...new Set([...own, ...(home?.homeOf ?? [])])];
    const name = requester?.display ?? home?.name ?? 'le demandeur';
    const careTeam = own.some((key) => sender.includes(key));
    return { name, keys, serverId: placerServer ?? undefined, careTeam };
  }

  function recipientOf(performer: Reference, sender: readonly BusinessKey[]): Recipient {
    const key = referenceKey(performer);
    const home = key === undefined ? undefined : homeServer(servers, [key]);
    const keys = key === undefined ? [] : [key];
    const name = performer.display ?? 'l’exécutant de l’étape suivante';
    return { name, keys, serverId: home?.id, careTeam: keys.some((one) => sender.includes(one)) };
  }
}

/** The placer's own identifier may not be unique among placers; then it names nobody. */
async function onlyOne(tx: Repositories, tenant: string, key: BusinessKey): Promise<Referral | undefined> {
  const [only, ...more] = await tx.referrals.byOrder(tenant, key);
  return only && more.length === 0 ? tx.referrals.lock(tenant, only.id) : undefined;
}

function performersOf(state: PlanState, stepId: string): Reference[] {
  const order = state.orders.get(stepId);
  return (order?.['performer'] ?? []) as Reference[];
}
