/** Télé-expertise of an ESS: a GP asks in writing, the specialist answers in writing. A pathway of the network's file. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { updateTask } from '../../src/referral/placer.ts';
import { exampleReferral, type NetworkStory, startNetworkStory } from './network-story.ts';
import { tenant } from './story.ts';

let world: NetworkStory;

beforeAll(async () => {
  world = await startNetworkStory({
    network: 'ess-equipe-inventee',
    placerHome: ['https://cabinet-ilot.example/cabinets|ILOT'],
    patientSystem: 'https://cabinet-ilot.example/patients',
  });
});
afterAll(async () => {
  await world.story.close();
});

describe('télé-expertise, from the question to the closed loop', () => {
  it('is accepted as a plan with one document to write', async () => {
    const referral = await world.accepted(exampleReferral('tele-expertise'));
    expect(referral.networkId).toBe('ess-equipe-inventee');
    const { activity, title } = await world.plan();
    expect([title, activity?.map(({ id, detail }) => [id, detail?.status])]).toEqual([
      'Télé-expertise en psychiatrie',
      [['avis', 'not-started']],
    ]);
  });

  it('takes no document of another type', async () => {
    const other = world.send('compte-rendu-consultation', {
      demande: { system: 'https://cabinet-ilot.example/demandes', value: 'AVIS-2026-0001' },
      patient: patient(),
    });
    await expect(other).rejects.toThrow('n’attend pas de document de ce type');
  });

  it('brings the written opinion back to the GP, as FHIR and as PDF', async () => {
    expect(await world.send('compte-rendu-tele-expertise')).toMatchObject({ status: 201 });
    await world.story.deliver();
    expect(await world.toldAtRequester()).toEqual([
      '85208-7 application/fhir+json',
      '85208-7 application/pdf',
    ]);
    expect((await world.plan()).activity![0]).toMatchObject({
      detail: { status: 'completed' },
      outcomeReference: [{ identifier: { value: 'AVIS-2026-0001' } }],
    });
  });

  it('ends when the team names its outcome, and closes when the GP takes note', async () => {
    const referral = await world.closed('https://ess-trois-anses.example/documents|AVIS-2026-0001');
    expect(referral).toMatchObject({ state: 'completed', closedAt: expect.any(Date) as unknown });
    expect(await world.errors()).toEqual([]);
  });
});

describe('a question without the document that the pathway asks for', () => {
  it('is not answered until the GP adds it', async () => {
    const bundle = structuredClone(exampleReferral('tele-expertise')) as AnyResource & { entry: Entry[] };
    for (const { resource } of bundle.entry) {
      const [identifier] = (resource['identifier'] ?? []) as { value?: string }[];
      if (['ServiceRequest', 'Task'].includes(resource.resourceType)) identifier!.value = 'AVIS-2026-0002';
      if (resource.resourceType !== 'DocumentReference') continue;
      resource['type'] = { coding: [{ system: 'http://loinc.org', code: '96349-6' }] };
    }
    const { id } = await world.accepted(bundle);
    const answer = {
      identifiant: { system: 'https://ess-trois-anses.example/documents', value: 'AVIS-2026-0002' },
      demande: { system: 'https://cabinet-ilot.example/demandes', value: 'AVIS-2026-0002' },
    };
    await expect(world.send('compte-rendu-tele-expertise', answer)).rejects.toThrow(
      'il manque au dossier : Demande de télé-expertise',
    );
    const { context, psychiatrist: asking } = world.story;
    const { taskId } = (await context.store.referrals.get(tenant, id))!;
    const task = (await context.store.clinical.get(tenant, 'Task', taskId))!;
    await updateTask(context, asking, { ...task, input: [question] });
    expect(await world.send('compte-rendu-tele-expertise', answer)).toMatchObject({ status: 201 });
  });
});

type Entry = { resource: AnyResource };

const question = {
  type: { coding: [{ system: 'http://loinc.org', code: '75496-0' }], text: 'Demande de télé-expertise' },
  valueAttachment: { contentType: 'text/plain', data: Buffer.from('Question').toString('base64') },
};

function patient(): object {
  return {
    identifiants: [{ system: 'https://cabinet-ilot.example/patients', value: 'P-0042' }],
    ...{ nom: 'ESSAI-AVIS', prenom: 'Louise', sexe: 'feminin', naissance: '1951-02-14' },
  };
}
