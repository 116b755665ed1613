/** The program's own words in French, as screens show them; `--json` keeps the words of the code. */
const words: Readonly<Record<string, string>> = {
  // Task.status (FHIR R4), which is also the state of a referral
  draft: 'en préparation',
  requested: 'demandé',
  received: 'reçu',
  accepted: 'accepté',
  rejected: 'refusé',
  ready: 'prêt',
  cancelled: 'annulé',
  'in-progress': 'en cours',
  'on-hold': 'suspendu',
  failed: 'en échec',
  completed: 'terminé',
  'entered-in-error': 'saisi par erreur',
  // runs and occasions of jobs
  apply: 'publication',
  rollback: 'retour en arrière',
  reconcile: 'rapprochement',
  running: 'en cours',
  done: 'fait',
  partial: 'partiel',
  missed: 'manqué',
  operator: 'opérateur',
  schedule: 'planificateur',
  // the held directory and matching
  active: 'en activité',
  closed: 'fermée',
  vanished: 'disparue de sa source',
  stub: 'citée, jamais vue',
  changed: 'modifiée',
  reopened: 'rouverte',
  removed: 'retirée',
  matched: 'rapproché',
  proposed: 'proposé',
  ambiguous: 'à départager',
  unknown: 'inconnu de l’annuaire',
  'directory-match': 'rapprochement avec l’annuaire',
  // runs of the directory's synchronisation
  'sync-full': 'lecture complète',
  'sync-delta': 'différences',
  'sync-rollback': 'retour en arrière',
  reading: 'lecture en cours',
  planned: 'prévu',
  braked: 'arrêté par le frein',
  applied: 'appliqué',
  abandoned: 'abandonné',
  undone: 'défait',
  // outbox
  queued: 'en file',
  sending: 'en cours d’envoi',
  waiting: 'en attente',
  parked: 'mis de côté',
  'relay-referral': 'adressage relayé',
  'care-plan': 'plan de soins',
  'deliver-document': 'document remis',
  unsent: 'jamais envoyé',
  // documents
  preliminary: 'provisoire',
  final: 'définitif',
  superseded: 'remplacé',
  // ledger of a referral
  placer: 'demandeur',
  fulfiller: 'destinataire',
  'referral-closed': 'clos',
  'withdrawal-asked': 'reprise demandée',
  asked: 'demande transmise',
  'abort-answered': 'réponse à la demande d’arrêt',
  'ask-fulfiller': 'demande au destinataire',
  cancel: 'annuler',
  drop: 'annuler (un autre est retenu)',
  'ask-abort': 'arrêter',
  hold: 'suspendre',
  resume: 'reprendre',
  inform: 'compléter',
  gateway: 'passerelle',
  relayed: 'relayé',
  task: 'tâche',
  'task-told': 'précision du destinataire',
  consultation: 'consultation',
  'patient-known': 'patient reconnu',
  'patient-provisional': 'patient provisoire',
  'plan-started': 'plan de soins ouvert',
  'plan-delivered': 'plan de soins remis',
  'performer-named': 'intervenant désigné',
  'document-preliminary': 'document provisoire',
  'document-final': 'document définitif',
  'document-delivered': 'document remis',
  'protocol-missing': 'protocole introuvable',
  'move-refused': 'changement d’état refusé',
  overdue: 'échéance dépassée',
  'overdue-ended': 'retard terminé',
};

/** The French of a word of the code; what has none is shown as it is. */
export function french(word: string): string {
  return words[word] ?? word;
}

/** An instant for people: day and time to the second, `2026-11-22 17:58:46`, in this machine's zone or the one given. */
export function moment(instant: string, timeZone?: string): string {
  return instant ? new Date(instant).toLocaleString('sv-SE', timeZone ? { timeZone } : {}) : '';
}
