/** A referral on a pathway of one of the example networks, moved on as its two hospitals would move it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { composeDocument } from '../../src/document/compose.ts';
import { receiveDocument, type Received } from '../../src/document/receive.ts';
import type { BusinessKey } from '../../src/fhir/key.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { contentHash, normalForm } from '../../src/fhir/normal.ts';
import { splitKey } from '../../src/fhir/key.ts';
import type { AnyResource, CarePlan, Task } from '../../src/fhir/types.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { readNetwork } from '../../src/network/read.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { recordConsultation } from '../../src/referral/consult.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import type { Referral } from '../../src/store/referrals.ts';
import type { TestDatabase } from '../database.ts';
import { kindsOfTheProject, today } from '../network/project.ts';
import { startStory, tenant } from './story.ts';

export type NetworkStory = Awaited<ReturnType<typeof startNetworkStory>>;

export type NetworkCast = {
  /** Id of the example network. */
  network: string;
  /** Name of its file; absent: its id. */
  file?: string;
  /** Keys of the requester whose server this is. */
  placerHome: BusinessKey[];
  /** Keys besides the network's that are at home at the fulfiller's. */
  fulfillerHome?: BusinessKey[];
  patientSystem: string;
};

export async function startNetworkStory({
  network,
  file = network,
  placerHome,
  fulfillerHome = [],
  patientSystem,
}: NetworkCast) {
  const story = await startStory(undefined, undefined, {
    load: (database) => loadNetwork(database, network, file),
    ...{ placerHome, patientSystem },
    fulfillerHome: [`${networkSystem}|${network}`, ...fulfillerHome],
  });
  const { context, servers } = story;
  const { clinical, referrals } = context.store;
  let referral: Referral;

  const own = async (step: string): Promise<AnyResource & { id: string }> => {
    const identifier = `https://passerelle.example/fhir/referral|${referral.id}/activity/${step}`;
    return (await clinical.search(tenant, { type: 'ServiceRequest', identifier })).resources[0]!;
  };
  const moveTask = async (change: Partial<Task>): Promise<void> => {
    const [task] = await story.find(servers.ville, 'Task', {
      identifier: `https://passerelle.example/fhir/referral|${referral.id}/task`,
    });
    await servers.ville.update({ ...task!, ...change } as AnyResource & { id: string });
    await story.follow();
    await story.deliver();
  };

  const relayed = async (bundle: AnyResource): Promise<Referral> => {
    await acceptReferral(context, story.psychiatrist, bundle);
    [referral] = (await referrals.list(tenant)) as [Referral];
    await story.deliver();
    return referral;
  };

  return {
    story,
    /** Places a referral of `examples/referrals/` and relays it. */
    relayed,
    /** The same, and has the fulfiller accept it. */
    async accepted(bundle: AnyResource): Promise<Referral> {
      await relayed(bundle);
      await moveTask({ status: 'accepted' });
      return referral;
    },
    order: own,
    moveTask,
    /** A step that people meet for; `participants` are RPPS numbers, with the concept each sat for. */
    async held(step: string, participants: readonly Seat[]): Promise<{ status: number }> {
      const { id } = await own(step);
      const patient = (await clinical.get(tenant, 'Patient', referral.patientId))!;
      return recordConsultation(context, story.coreso, encounter(step, id, patient, participants));
    },
    /** Sends a document of `examples/documents/`. */
    send(name: string, change: object = {}): Promise<Received> {
      const content = parse(readFileSync(`examples/documents/${name}.yaml`, 'utf8')) as object;
      const { bytes, issues } = composeDocument({ ...content, ...change }, story.documents.rules);
      if (!bytes) throw new Error(JSON.stringify(issues));
      return receiveDocument(story.documents, story.coreso, bytes);
    },
    async plan(): Promise<CarePlan> {
      const { carePlanId } = (await referrals.get(tenant, referral.id))!;
      return (await clinical.get(tenant, 'CarePlan', carePlanId!)) as unknown as CarePlan;
    },
    /** The fulfiller names its outcome, the placer takes note: the loop is closed. */
    async closed(outcome: BusinessKey): Promise<Referral> {
      await story.deliver();
      await moveTask({ status: 'in-progress' });
      const valueReference = { identifier: splitKey(outcome) };
      await moveTask({ status: 'completed', output: [{ type: { text: 'Document' }, valueReference }] });
      const placed = (await clinical.get(tenant, 'ServiceRequest', referral.orderId))!;
      await updateOrder(context, story.psychiatrist, { ...placed, status: 'completed' });
      return (await referrals.get(tenant, referral.id))!;
    },
    /** Types (LOINC) of the documents that the requester's server was told of, with their content types. */
    async toldAtRequester(): Promise<string[]> {
      const told = await story.find(servers.vinatier, 'DocumentReference');
      return told
        .map((one) => {
          const { type, content } = one as unknown as Told;
          return `${type.coding[0].code} ${content[0].attachment.contentType}`;
        })
        .sort();
    },
    /** Errors of our validator in everything that either server was given. */
    async errors(): Promise<string[]> {
      const found: string[] = [];
      for (const server of Object.values(servers))
        for (const type of given)
          for (const resource of await story.find(server, type))
            for (const { severity, message, expression } of context.validate(resource, []))
              if (severity === 'error') found.push(`${type} ${expression} ${message}`);
      return found;
    },
  };
}

/** Types of what hospitals are given. */
const given = [
  ...['Patient', 'ServiceRequest', 'Task', 'Consent', 'DocumentReference', 'CarePlan', 'CareTeam'],
];

type Told = { type: { coding: [{ code: string }] }; content: [{ attachment: { contentType: string } }] };

export type Seat = { rpps: string; discipline?: { system: string; code: string; text?: string } };

/** A referral of `examples/referrals/`. */
export function exampleReferral(name: string): AnyResource {
  return JSON.parse(readFileSync(`examples/referrals/${name}.json`, 'utf8')) as AnyResource;
}

function encounter(step: string, order: string, patient: AnyResource, seats: readonly Seat[]): AnyResource {
  return {
    resourceType: 'Encounter',
    identifier: [{ system: 'https://fulfiller.example/consultations', value: `C-${step}` }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient.id}` },
    basedOn: [{ reference: `ServiceRequest/${order}` }],
    participant: seats.map(({ rpps, discipline }) => ({
      individual: {
        type: 'Practitioner',
        identifier: { system: 'https://rpps.esante.gouv.fr', value: rpps },
      },
      ...(discipline ? { type: [conceptOf(discipline)] } : {}),
    })),
    period: { start: '2026-11-17T18:00:00+01:00', end: '2026-11-17T18:30:00+01:00' },
  };
}

function conceptOf({ text, ...coding }: NonNullable<Seat['discipline']>): object {
  return { coding: [coding], ...(text ? { text } : {}) };
}

async function loadNetwork({ store }: TestDatabase, id: string, file: string): Promise<void> {
  const { network } = await readNetwork(`examples/networks/${file}.yaml`);
  const kinds = await kindsOfTheProject();
  const { resources } = mapRecord(kinds.get(network!.kind)!.mapping, network!, { at: today });
  await store.desired.replace(
    tenant,
    resources.map(({ type, key, class: ownership, body }) => ({
      ...{ networkId: id, type, key, class: ownership, body, origin: null },
      hash: contentHash(normalForm(body)),
    })),
  );
}
