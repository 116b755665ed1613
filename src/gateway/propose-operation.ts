/** `referral propose`: who could take the patient on near home, for a person to choose. */
import { hasCoding } from '../fhir/coding.ts';
import { GatewayError } from '../fhir/error.ts';
import type { CodeableConcept, Patient } from '../fhir/types.ts';
import type { Operations } from '../operations.ts';
import { homeCommune } from '../referral/home-commune.ts';
import { planStateOf } from '../referral/plan-state.ts';
import type { Parts } from './parts.ts';

/** The operation over the search for the nearest offers. Throws `not-found`, `unprocessable` (no plan yet, no commune). */
export function proposeOperation(
  { config, store, exchanges }: Parts,
  { directoryNearest }: Pick<Operations, 'directoryNearest'>,
): Pick<Operations, 'referralPropose'> {
  const { tenant } = config;
  const { referral: rules, identity } = exchanges.rules;
  return {
    async referralPropose({ id, ...asked }) {
      const referral = await store.referrals.get(tenant, id);
      if (!referral) throw refuse('not-found', 'Aucun adressage de cet identifiant.');
      const state = await planStateOf(store, referral);
      if (!state)
        throw refuse('unprocessable', 'Le destinataire n’a pas encore accepté : il n’y a pas d’étapes.');
      const patient = await store.clinical.get(tenant, 'Patient', referral.patientId);
      const commune = patient && homeCommune(patient as unknown as Patient, identity);
      if (commune === undefined)
        throw refuse('unprocessable', 'Le patient n’a pas d’adresse : cherchez avec « directory nearest ».');
      const { activity, profession, speciality } = rules.reorientation;
      const { offers } = await directoryNearest({
        ...{ profession, speciality, commune },
        newPatients: true,
        ...asked,
      });
      const steps = state.steps.flatMap(({ id: step, title }) => {
        const order = state.orders.get(step);
        if (!order || !hasCoding(order['code'] as CodeableConcept | undefined, activity)) return [];
        const isOpen = order['performer'] === undefined && order['status'] !== 'completed';
        return isOpen ? [{ id: step, title, order: `ServiceRequest/${order.id}` }] : [];
      });
      return { steps, offers };
    },
  };
}

function refuse(category: 'not-found' | 'unprocessable', message: string): GatewayError {
  return new GatewayError({ category, side: 'sender', message });
}
