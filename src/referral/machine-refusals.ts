/** Why an event is refused, whose fault it is and what to do instead, in French. */
import type { Side } from '../fhir/error.ts';
import type { Need, Rule, TaskEvent, TaskRole, TaskState } from './machine-rules.ts';

/** `refused` says why, `next` what to do instead. */
export type Refusal = { refused: string; side: Side; next: string };

/** The placer writes to the gateway, the fulfiller at its own server. */
const sides: Readonly<Record<TaskRole, Side>> = { placer: 'sender', fulfiller: 'server', relay: 'gateway' };

const names: Readonly<Record<TaskRole, string>> = {
  placer: 'le demandeur',
  fulfiller: 'le destinataire',
  relay: 'la passerelle',
};

export function refuseEnded(state: TaskState, role: TaskRole): Refusal {
  return {
    refused: `La demande est terminée (${state}) : elle ne change plus.`,
    side: sides[role],
    next: 'Si le patient a encore besoin de cette prise en charge, placez une nouvelle demande (ServiceRequest.replaces).',
  };
}

export function refuseRole(event: TaskEvent, { by }: Rule, role: TaskRole): Refusal {
  const allowed = by.map((one) => names[one]).join(' ou ');
  return {
    refused: `« ${event} » n’appartient pas à ce rôle : ${allowed} peut le faire.`,
    side: sides[role],
    next: `Demandez-le : ${allowed}.`,
  };
}

export function refuseState(state: TaskState, event: TaskEvent, { from, to }: Rule, role: TaskRole): Refusal {
  const side = sides[role];
  const isStarted = state === 'in-progress' || state === 'on-hold';
  if (isStarted && (event === 'cancel' || event === 'transfer' || event === 'drop'))
    return {
      refused: `La prise en charge a commencé (${state}) : elle ne s’annule plus.`,
      side,
      next: 'Demandez son arrêt par une tâche d’annulation (Task, code abort, focus sur la tâche de la demande).',
    };
  if (event === 'ask-abort')
    return {
      refused: `La prise en charge n’a pas commencé (${state}) : il n’y a rien à arrêter.`,
      side,
      next: 'Annulez la demande (Task.status cancelled, ou ServiceRequest.status revoked).',
    };
  if (event === 'ask-transfer' || event === 'hand-over')
    return {
      refused: `La prise en charge n’a pas commencé (${state}) : personne n’a à s’arrêter.`,
      side,
      next: 'Transmettez la demande telle quelle (transfer) : le nouveau destinataire la reçoit aussitôt.',
    };
  if (event === 'correct')
    return {
      refused: `La demande n’est pas terminée (${state}) : son document se remplace dans le parcours.`,
      side,
      next: 'Envoyez le document ; il nomme celui qu’il remplace ou complète (relatesTo).',
    };
  if (event === 'close')
    return {
      refused: `La demande est ouverte (${state}) : elle ne peut pas encore être close.`,
      side,
      next: 'Attendez la réponse du destinataire, ou annulez la demande.',
    };
  return {
    refused: `La demande ne peut pas passer de « ${state} » à « ${to ?? event} ».`,
    side,
    next: `Cela se fait depuis : ${from.join(', ')}.`,
  };
}

/** No single event of this role leads there. */
export function refuseJump(from: TaskState, to: string, role: TaskRole): Refusal {
  return {
    refused: `La demande ne peut pas passer de « ${from} » à « ${to} ».`,
    side: sides[role],
    next: `Remettez-la à « ${from} », ou à un statut qui peut le suivre.`,
  };
}

const missing: Readonly<Record<Need, Pick<Refusal, 'refused' | 'next'>>> = {
  output: {
    refused: 'La demande ne se termine pas sans résultat.',
    next: 'Désignez ce qui en est issu (Task.output), par exemple la synthèse.',
  },
  reason: {
    refused: 'Il manque le motif.',
    next: 'Donnez-le dans Task.statusReason.',
  },
  proposal: {
    refused: 'Il manque la proposition.',
    next: 'Désignez-la dans Task.output (ServiceRequest, intent proposal).',
  },
  abort: {
    refused: 'Personne n’a demandé l’arrêt de cette prise en charge.',
    next: 'Dites qu’elle a échoué (failed), avec son motif, ou attendez une tâche d’annulation du demandeur.',
  },
  successor: {
    refused: 'Il manque celui à qui la prise en charge est transmise.',
    next: 'Nommez-le dans Task.owner, par son identifiant, avec le motif dans Task.statusReason.',
  },
};

export function refuseLacking(need: Need, role: TaskRole): Refusal {
  return { ...missing[need], side: sides[role] };
}

/** What was followed although it lacks this. */
export function toldLacking(need: Need): string {
  const { refused, next } = missing[need];
  return `${refused} ${next}`;
}
