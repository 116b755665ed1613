/** The story of one patient, told by the hospitals' own requests: referral, consultations, synthesis, end. */
import { contentHash } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import { expectStatus } from './expect.ts';
import type { Cast } from './cast.ts';
import { type Caller, until } from './http.ts';
import { notAsTold } from './not-as-told.ts';

export type Stage = {
  cast: Cast;
  /** The gateway, as the psychiatric hospital and as the somatic consultation call it. */
  placer: Caller;
  fulfiller: Caller;
  /** The fulfiller's own server. */
  town: Caller;
  /** Lets the gateway look at Tasks now rather than at the next quarter of an hour. */
  follow: () => Promise<unknown>;
  /** Tells one step. */
  tell: (line: string) => void;
};

type Activity = { id: string; reference?: { reference: string }; detail?: object };

/** Plays the story to its end. */
export async function playStory(stage: Stage): Promise<void> {
  const { cast, placer, town, tell } = stage;
  const posted = await placer.post('', cast.referral);
  expectStatus(posted, 200, 'adressage accepté');
  tell(`adressage déposé par ${cast.hospitalName} : accepté après enregistrement (200)`);
  const again = await placer.post('', cast.referral);
  expectStatus(again, 200, 'même adressage, même réponse');
  if (contentHash(again.resource) !== contentHash(posted.resource))
    throw notAsTold('seconde réponse différente au même adressage.');

  const task = await until(() => openTask(town), 'la tâche chez le destinataire');
  tell('relayé : demande, lettre et tâche sont chez le destinataire');
  await moveTask(town, task['id'] as string, { status: 'accepted' });
  const plan = await until(async () => {
    await stage.follow(); // the first look may come before the gateway noted where it put the Task
    return carePlan(stage);
  }, 'le plan de soins');
  const steps = (plan['activity'] as Activity[]).map(({ id }) => id);
  tell(`tâche acceptée : le protocole appliqué donne un plan de ${steps.length} étapes`);

  const early = await stage.fulfiller.post('Bundle', cast.synthesis);
  expectStatus(early, 422, 'synthèse définitive refusée avant la troisième consultation');
  tell('synthèse définitive envoyée trop tôt : refusée (422)');
  for (const [index, step] of cast.consultationSteps.entries()) await consult(stage, plan, step, index + 1);
  tell(`${cast.consultationSteps.length} consultations enregistrées`);

  await nameTownGp(stage, plan);
  const received = await stage.fulfiller.post('Bundle', cast.synthesis);
  expectStatus(received, 201, 'synthèse reçue');
  tell(`synthèse reçue ; adressée au psychiatre et à ${cast.townGpName}`);

  const document = await until(
    () => deliveredSynthesis(town, received.resource),
    'la synthèse chez le destinataire',
  );
  await moveTask(town, task['id'] as string, {
    status: 'completed',
    output: [
      {
        type: { text: 'Synthèse' },
        valueReference: { reference: `DocumentReference/${String(document['id'])}` },
      },
    ],
  });
  const closed = await until(async () => {
    await stage.follow();
    const status = await referralStatus(stage);
    return status === 'completed' ? status : undefined;
  }, 'la fin de l’adressage');
  tell(`adressage terminé (${closed})`);
  const order = await placedOrder(stage);
  const noted = await placer.put(`ServiceRequest/${order.id}`, { ...order, status: 'completed' });
  expectStatus(noted, 200, 'clôture par le demandeur');
  tell(`${cast.hospitalName} a lu la synthèse et clôt l’adressage`);
}

/** The placer's order, as it reads it at the gateway. */
async function placedOrder({ placer, cast }: Stage): Promise<AnyResource> {
  const identifier = encodeURIComponent(identifierIn(cast, 'ServiceRequest'));
  const [order] = await placer.all(`ServiceRequest?identifier=${identifier}`);
  if (!order) throw notAsTold('la demande déposée est introuvable à la passerelle.');
  return order;
}

/** `system|value` of the first identifier of the referral's entry of a type. */
function identifierIn(cast: Cast, type: string): string {
  const entries = cast.referral['entry'] as { resource: AnyResource }[];
  const { resource } = entries.find((entry) => entry.resource.resourceType === type)!;
  const [{ system, value }] = resource['identifier'] as [{ system: string; value: string }];
  return `${system}|${value}`;
}

/** Status of the referral's Task, as the placer reads it at the gateway. */
export async function referralStatus({ placer, cast }: Pick<Stage, 'placer' | 'cast'>): Promise<string> {
  const [task] = await placer.all(`Task?identifier=${encodeURIComponent(identifierIn(cast, 'Task'))}`);
  return String(task?.['status']);
}

/** The Task that asks for the referral; the one for the identity cell has no order as its focus. */
async function openTask(town: Caller): Promise<AnyResource | undefined> {
  const tasks = await town.all('Task?status=requested');
  return tasks.find((task) =>
    (task['focus'] as { reference?: string })?.reference?.startsWith('ServiceRequest/'),
  );
}

async function moveTask(town: Caller, id: string, change: object): Promise<void> {
  const { resource, etag } = await town.get(`Task/${id}`);
  expectStatus(await town.put(`Task/${id}`, { ...resource, ...change }, etag), 200, 'tâche mise à jour');
}

async function carePlan({ fulfiller }: Stage): Promise<AnyResource | undefined> {
  const [plan] = await fulfiller.all('CarePlan?status=active');
  return plan;
}

function orderOf(plan: AnyResource, step: string): string {
  const activity = (plan['activity'] as Activity[]).find(({ id }) => id === step);
  return activity!.reference!.reference;
}

async function consult(
  { fulfiller, cast }: Stage,
  plan: AnyResource,
  step: string,
  number: number,
): Promise<void> {
  const [{ system }] = cast.consultation['identifier'] as [{ system: string }];
  const encounter = {
    ...cast.consultation,
    identifier: [{ system, value: `C-${number}` }],
    basedOn: [{ reference: orderOf(plan, step) }],
  };
  expectStatus(await fulfiller.post('Encounter', encounter), 201, `consultation ${number}`);
}

async function nameTownGp({ fulfiller, cast }: Stage, plan: AnyResource): Promise<void> {
  const path = orderOf(plan, cast.orientationStep);
  const { resource, etag } = await fulfiller.get(path);
  const performer = [
    {
      type: 'Practitioner',
      identifier: { system: rppsOf(cast.consultation), value: cast.townGpRpps },
      display: cast.townGpName,
    },
  ];
  expectStatus(await fulfiller.put(path, { ...resource, performer }, etag), 200, 'médecin de ville désigné');
}

function rppsOf(consultation: AnyResource): string {
  const [first] = consultation['participant'] as { individual: { identifier: { system: string } } }[];
  return first!.individual.identifier.system;
}

async function deliveredSynthesis(town: Caller, sent: AnyResource): Promise<AnyResource | undefined> {
  const [{ system, value }] = sent['identifier'] as [{ system: string; value: string }];
  const [found] = await town.all(`DocumentReference?identifier=${encodeURIComponent(`${system}|${value}`)}`);
  return found;
}
