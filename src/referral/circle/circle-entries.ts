/** What a hospital is given for a patient's care circle: the circle that is proposed, the Task that asks. Pure. */
import type { WriteEntry } from '../../delivery/types.ts';
import { type BusinessKey, splitKey } from '../../fhir/key.ts';
import { referenceTo } from '../../fhir/references.ts';
import type { CircleAsk } from '../../store/circles.ts';
import { writtenMeta } from '../meta.ts';
import { partKey } from '../names.ts';
import { patientReference } from '../patient-entries.ts';
import type { ReferralRules } from '../rules.ts';

/** Key of the circle at a hospital's server, be it ours or the one it had. */
export function circleKey(referralId: string): BusinessKey {
  return partKey(referralId, 'care-circle');
}

/** Key of the Task of an ask. */
export function circleTaskKey(referralId: string, n: number): BusinessKey {
  return partKey(referralId, `circle-task/${n}`);
}

const asks = {
  proposed:
    'Aucun cercle de soins de ce patient n’est connu ici : celui-ci est proposé, à confirmer avec le patient.',
  joining: 'Ces professionnels prennent part aux soins : à ajouter au cercle, avec l’accord du patient.',
  several:
    'Ce patient a ici plusieurs cercles de soins : choisissez celui que ces professionnels rejoignent, avec l’accord du patient.',
};

/** Entries by what was found; none when nothing is to be asked. Both are the hospital's to move on. */
export function circleEntries(ask: CircleAsk, rules: ReferralRules): WriteEntry[] {
  switch (ask.state) {
    case 'queued':
    case 'proposed':
      return [proposedCircle(ask, rules), circleTask(ask, rules, 'proposed')];
    case 'joining':
    case 'several':
      return [circleTask(ask, rules, ask.state)];
    default:
      return [];
  }
}

function proposedCircle({ referralId, members, askedAt }: CircleAsk, rules: ReferralRules): WriteEntry {
  const key = circleKey(referralId);
  const period = { start: askedAt.toISOString() };
  return {
    ...{ type: 'CareTeam', key, once: true },
    body: {
      resourceType: 'CareTeam',
      meta: writtenMeta(rules.profiles.careCircle),
      identifier: [splitKey(key)],
      status: 'proposed',
      name: rules.careCircle.name,
      subject: patientReference(referralId),
      period,
      participant: members.map(({ reference }) => ({ member: reference, period })),
    },
  };
}

function circleTask(
  { referralId, n, members, askedAt }: CircleAsk,
  { profiles, careCircle }: ReferralRules,
  how: keyof typeof asks,
): WriteEntry {
  const key = circleTaskKey(referralId, n);
  const at = askedAt.toISOString();
  return {
    ...{ type: 'Task', key, once: true },
    body: {
      resourceType: 'Task',
      meta: writtenMeta(profiles.circleTask),
      identifier: [splitKey(key)],
      status: 'requested',
      intent: 'order',
      code: { coding: [careCircle.code], text: careCircle.text },
      description: asks[how],
      ...(how === 'several' ? {} : { focus: { reference: referenceTo('CareTeam', circleKey(referralId)) } }),
      for: patientReference(referralId),
      authoredOn: at,
      lastModified: at,
      input: members.map(({ reference }) => ({ type: careCircle.member, valueReference: reference })),
    },
  };
}
