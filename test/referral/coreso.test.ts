/** The whole Coreso story over real PostgreSQL and two hospitals spoken to by HTTP. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { receiveDocument } from '../../src/document/receive.ts';
import { verifyDelivery } from '../../src/document/verify.ts';
import type { AnyResource, Task } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { assignPerformer } from '../../src/referral/assign.ts';
import { peopleOf } from '../../src/referral/people.ts';
import { updateOrder } from '../../src/referral/placer.ts';
import { recordConsultation } from '../../src/referral/consult.ts';
import { statisticsOf } from '../../src/referral/statistics.ts';
import type { Referral } from '../../src/store/referrals.ts';
import { example, generalist, startStory, type Story, synthesis, tenant } from './story.ts';

let story: Story;
let referral: Referral;

beforeAll(async () => {
  story = await startStory();
  // The psychiatrist's hospital knows its own patient; the town does not.
  await story.servers.vinatier.transaction([
    {
      method: 'PUT',
      url: 'Patient/ipp-800012345',
      resource: {
        resourceType: 'Patient',
        id: 'ipp-800012345',
        identifier: [{ system: 'https://ch-le-vinatier.example/ipp', value: '800012345' }],
      },
    },
  ]);
});
afterAll(async () => {
  await story.close();
});

/** The hospital moves its own Task, as a person there would. */
async function moveTask(change: Partial<Task>): Promise<void> {
  const { servers } = story;
  const tasks = await story.find(servers.ville, 'Task', {
    identifier: `https://passerelle.example/fhir/referral|${referral.id}/task`,
  });
  await servers.ville.update({ ...tasks[0]!, ...change } as AnyResource & { id: string });
}

async function order(step: string): Promise<AnyResource & { id: string }> {
  const { resources } = await story.context.store.clinical.search(tenant, {
    type: 'ServiceRequest',
    identifier: `https://passerelle.example/fhir/referral|${referral.id}/activity/${step}`,
  });
  return resources[0]!;
}

async function consult(step: string, number: number): Promise<{ status: number }> {
  return recordConsultation(story.context, story.coreso, consultation((await order(step)).id, number));
}

function consultation(orderId: string, number: number): AnyResource {
  const person = (value: string) => ({
    individual: { type: 'Practitioner', identifier: { system: generalist.system, value } },
  });
  return {
    resourceType: 'Encounter',
    identifier: [{ system: 'https://coreso.example/consultations', value: `C-${number}` }],
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { identifier: { system: 'https://ch-le-vinatier.example/ipp', value: '800012345' } },
    basedOn: [{ reference: `ServiceRequest/${orderId}` }],
    participant: [person('10999900029'), person('10999900045')],
    period: { start: `2026-10-0${number}T09:00:00+02:00`, end: `2026-10-0${number}T09:45:00+02:00` },
  };
}

async function eventKinds(): Promise<string[]> {
  const events = await story.context.store.referrals.events(tenant, referral.id);
  return events.map(({ kind }) => kind);
}

describe('Coreso, from the referral to its end', () => {
  it('accepts the referral with one answer an entry, in order (MHD-08)', async () => {
    const { status, response } = await acceptReferral(story.context, story.psychiatrist, example());
    expect(status).toBe(200);
    const entries = response['entry'] as { response: { status: string; location: string } }[];
    const asked = example()['entry'] as { resource: AnyResource }[];
    expect(entries.map(({ response: { location } }) => location.split('/')[0])).toEqual(
      asked.map(({ resource }) => resource.resourceType),
    );
    expect(entries.every(({ response: { status: text } }) => text === '201 Created')).toBe(true);
    [referral] = (await story.context.store.referrals.list(tenant)) as [Referral];
    expect(referral).toMatchObject({
      state: 'requested',
      placerServer: 'vinatier',
      fulfillerServer: 'ville',
    });
  });

  it('relays its own order, basedOn the placer’s, with a provisional patient and a task for the identity cell (REF-07)', async () => {
    await story.deliver();
    const [sent] = await story.find(story.servers.ville, 'ServiceRequest');
    expect(sent).toMatchObject({
      intent: 'filler-order',
      basedOn: [
        { identifier: { system: 'https://ch-le-vinatier.example/demandes', value: 'CORESO-2026-0001' } },
      ],
    });
    const patients = await story.find(story.servers.ville, 'Patient');
    expect(patients).toHaveLength(1);
    const identifiers = patients[0]!['identifier'] as { system: string }[];
    expect(identifiers.map(({ system }) => system)).toEqual([
      'https://passerelle.example/fhir/referral',
      'urn:oid:1.2.250.1.213.1.4.10',
    ]);
    expect(await story.find(story.servers.ville, 'Task')).toHaveLength(2);
    expect(await story.find(story.servers.ville, 'DocumentReference')).toHaveLength(1);
    expect(await eventKinds()).toEqual(['accepted', 'queued', 'patient-provisional', 'relayed']);
  });

  it('P-22: nothing that was sent refers to the sender’s server', async () => {
    for (const type of ['ServiceRequest', 'Task', 'Consent', 'DocumentReference', 'Condition', 'Patient']) {
      for (const resource of await story.find(story.servers.ville, type)) {
        const text = JSON.stringify(resource);
        expect(text).not.toContain('urn:uuid:');
        expect(text).not.toContain(referral.patientId);
        expect(text).not.toContain('800012345');
      }
    }
  });

  it('on acceptance there, applies the protocol: a care plan with its orders, at both ends (CORE-16)', async () => {
    await moveTask({ status: 'accepted' });
    expect(await story.follow()).toMatchObject({ checked: 1, moved: [{ to: 'accepted' }], problems: [] });
    await story.deliver();
    const [plan] = await story.find(story.servers.ville, 'CarePlan');
    const activities = plan!['activity'] as { id: string; reference?: object; detail?: object }[];
    expect(activities.map(({ id }) => id)).toEqual([
      'consultation-1',
      'consultation-2',
      'consultation-3',
      'prevention',
      'synthesis',
      'reorientation',
    ]);
    expect(
      activities.every(({ reference, detail }) => (reference === undefined) !== (detail === undefined)),
    ).toBe(true);
    expect(await story.find(story.servers.ville, 'ServiceRequest')).toHaveLength(6);
    expect((await order('consultation-1'))['status']).toBe('active');
    expect((await order('consultation-2'))['status']).toBe('draft');
    const own = await story.context.store.clinical.get(tenant, 'Task', referral.taskId);
    expect(own?.['status']).toBe('accepted');
  });

  it('refuses the second consultation before the first', async () => {
    await expect(consult('consultation-2', 2)).rejects.toThrow('Première consultation');
  });

  it('records consultations, each once', async () => {
    expect((await consult('consultation-1', 1)).status).toBe(201);
    expect((await consult('consultation-1', 1)).status).toBe(200);
    expect((await consult('consultation-2', 2)).status).toBe(201);
    expect((await order('consultation-2'))['status']).toBe('completed');
    expect((await order('consultation-3'))['status']).toBe('active');
    await story.deliver();
    const [plan] = await story.find(story.servers.ville, 'CarePlan');
    const [first] = plan!['activity'] as { outcomeReference: { identifier: object }[] }[];
    expect(first!.outcomeReference[0]).toMatchObject({ type: 'Encounter', identifier: { value: 'C-1' } });
  });

  it('carries out prevention once the first consultation was held, beside the others', async () => {
    const prevention = await order('prevention');
    expect(prevention).toMatchObject({ status: 'active', code: { coding: [{ code: 'prevention' }] } });
    expect(await consult('prevention', 9)).toMatchObject({ status: 201 });
    await story.deliver();
    const [plan] = await story.find(story.servers.ville, 'CarePlan');
    const activities = plan!['activity'] as { id: string; outcomeReference?: object[] }[];
    expect(activities.find(({ id }) => id === 'prevention')?.outcomeReference).toHaveLength(1);
    const events = await story.context.store.referrals.events(tenant, referral.id);
    const { counts } = statisticsOf([{ events, closedAt: null }], story.context.rules.statistics);
    expect(counts).toMatchObject({ consultations: 2, prevention: 1 });
  });

  it('keeps a preliminary synthesis to itself, and refuses a final one, saying what is missing', async () => {
    const early = synthesis(story.documents, {
      statut: 'preliminaire',
      identifiant: { system: 'https://coreso.example/documents', value: 'PRELIMINAIRE-1' },
    });
    const { status, resource } = await receiveDocument(story.documents, story.coreso, early);
    expect([status, resource.resourceType]).toEqual([201, 'OperationOutcome']);
    await expect(
      receiveDocument(story.documents, story.coreso, synthesis(story.documents)),
    ).rejects.toMatchObject({
      category: 'unprocessable',
      message: expect.stringContaining('il manque 1 étape') as unknown,
    });
    expect(await story.context.store.documents.undelivered(tenant, referral.id, 'deliver-document')).toBe(0);
  });

  it('refuses the final synthesis until the town GP is named', async () => {
    await consult('consultation-3', 3);
    const send = receiveDocument(story.documents, story.coreso, synthesis(story.documents));
    await expect(send).rejects.toThrow('Réorientation');
    const reorientation = await order('reorientation');
    const named = await assignPerformer(
      story.context,
      story.coreso,
      {
        ...reorientation,
        performer: [{ type: 'Practitioner', identifier: generalist, display: 'Dr ESSAI-VILLE' }],
      },
      Number(reorientation.meta?.versionId),
    );
    expect(named['performer']).toHaveLength(1);
  });

  it('delivers the final synthesis to both servers as the same bytes', async () => {
    const bytes = synthesis(story.documents);
    const { documentId, status } = await receiveDocument(story.documents, story.coreso, bytes);
    expect(status).toBe(201);
    expect((await receiveDocument(story.documents, story.coreso, bytes)).status).toBe(200);
    await story.deliver();
    const receipts = await story.context.store.receipts.ofReferral(tenant, referral.id);
    const binaries = receipts.filter(
      ({ type, kind, key }) => type === 'Binary' && kind === 'deliver-document' && key.endsWith(documentId),
    );
    expect(binaries.map(({ serverId }) => serverId).sort()).toEqual(['ville', 'vinatier']);
    const document = (await story.context.store.documents.get(tenant, documentId))!;
    for (const receipt of binaries) {
      const server = story.servers[receipt.serverId as 'ville' | 'vinatier'];
      expect(await verifyDelivery(server, receipt, document)).toMatchObject({ same: true });
      expect((await server.binary(receipt.localId)).bytes.equals(bytes)).toBe(true);
    }
    const told = (await story.find(story.servers.vinatier, 'DocumentReference')).find(
      ({ relatesTo }) => relatesTo === undefined, // its PDF says what it is made of
    );
    const { attachment } = (
      told!['content'] as { attachment: { hash: string; size: number; url: string } }[]
    )[0]!;
    expect(attachment.hash).toBe(createHash('sha1').update(bytes).digest('base64'));
    expect(attachment.size).toBe(bytes.length);
    expect(attachment.url).toMatch(/^Binary\//);
  });

  it('REF-06: a Task completed without outcome is not followed; with one, the referral is completed', async () => {
    await moveTask({ status: 'in-progress' });
    await story.follow();
    await moveTask({ status: 'completed' });
    expect((await story.follow()).problems).toHaveLength(1);
    await moveTask({
      status: 'completed',
      output: [
        {
          type: { text: 'Synthèse' },
          valueReference: {
            identifier: { system: 'https://coreso.example/documents', value: 'SYNTHESE-2026-0001' },
          },
        },
      ],
    });
    expect(await story.follow()).toMatchObject({ moved: [{ to: 'completed' }], problems: [] });
    const ended = await story.context.store.referrals.get(tenant, referral.id);
    expect(ended).toMatchObject({ state: 'completed', closedAt: null });
    expect((await story.follow()).checked).toBe(0);
  });

  it('stays open until the psychiatrist completes the order: nobody else closes the loop', async () => {
    const { context, psychiatrist, coreso } = story;
    const placed = (await context.store.clinical.get(tenant, 'ServiceRequest', referral.orderId))!;
    const done = { ...placed, status: 'completed' };
    await expect(updateOrder(context, coreso, done)).rejects.toMatchObject({ category: 'forbidden' });
    expect(await updateOrder(context, psychiatrist, done)).toMatchObject({ status: 'completed' });
    const closed = await context.store.referrals.get(tenant, referral.id);
    expect(closed?.closedAt).toBeInstanceOf(Date);
    const last = (await context.store.referrals.events(tenant, referral.id)).at(-1);
    expect(last).toMatchObject({ kind: 'referral-closed', actor: psychiatrist.client });
  });

  it('tells who acted, by identifier, role and time, and nothing of the patient', async () => {
    const { store } = story.context;
    const closed = (await store.referrals.get(tenant, referral.id))!;
    const people = await peopleOf(store, closed, await store.referrals.events(tenant, referral.id));
    const roles = people.map(({ role }) => role);
    for (const role of [
      'demandeur',
      'destinataire',
      'consultation',
      'auteur d’un document',
      'a clos l’adressage',
    ])
      expect(roles).toContain(role);
    expect(people.find(({ role }) => role === 'destinataire')).toMatchObject({
      state: 'completed',
      identifiers: [expect.stringContaining('coreso-le-vinatier/offer/') as unknown],
    });
    expect(people.find(({ role }) => role.startsWith('intervenant'))).toMatchObject({
      name: 'Dr ESSAI-VILLE',
      identifiers: [`${generalist.system}|${generalist.value}`],
    });
    expect(people.every(({ at }) => !Number.isNaN(at.getTime()))).toBe(true);
    expect(JSON.stringify(people)).not.toMatch(/ESSAI-CORESO|1741299|800012345|1974/);
  });

  it('everything the hospitals were given satisfies its profiles', async () => {
    for (const server of Object.values(story.servers)) {
      for (const type of ['Patient', 'ServiceRequest', 'Task', 'Consent', 'DocumentReference', 'CarePlan']) {
        for (const resource of await story.find(server, type)) {
          const errors = story.context.validate(resource, []).filter(({ severity }) => severity === 'error');
          expect({ type, errors }).toEqual({ type, errors: [] });
        }
      }
    }
  });

  it('P-39: every act is in the audit trail', async () => {
    const actions = (await story.context.store.audit.list(tenant)).map(({ action }) => action);
    expect(new Set(actions)).toEqual(
      new Set(['referral.accept', 'consultation.record', 'document.receive', 'order.update', 'referral.act']),
    );
  });
});
