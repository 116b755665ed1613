/** Discharge, entry and unscheduled care of a CPTS: three pathways of one network's file, the same code. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { assignPerformer } from '../../src/referral/assign.ts';
import { exampleReferral, type NetworkCast, type NetworkStory, startNetworkStory } from './network-story.ts';

let world: NetworkStory;

afterEach(async () => {
  await world.story.close();
});

const hospital: NetworkCast = {
  network: 'cpts-communaute-inventee',
  placerHome: ['https://finess.esante.gouv.fr|991680828'],
  patientSystem: 'https://ch-trois-anses.example/ipp',
};
const town = '10999901696';

describe('a discharge that a hospital has organised by the CPTS', () => {
  it('is followed by a visit, of which the hospital has the report', async () => {
    world = await startNetworkStory(hospital);
    await world.accepted(exampleReferral('sortie-hopital'));
    expect((await world.order('visite-sortie'))['status']).toBe('active');
    const [circle] = await world.story.find(world.story.servers.ville, 'CareTeam');
    const { participant } = circle as unknown as { participant: { member: { display?: string } }[] };
    expect(participant.map(({ member }) => member.display)).toEqual([
      'Odile ESSAI-HOSPITALIERE, Centre hospitalier des Trois Anses (inventé)',
      'Annick FICTIVE-ANSE, Médecin, Président, Médecine générale',
    ]);
    await expect(world.send('compte-rendu-consultation')).rejects.toThrow('« Visite après la sortie »');
    expect(await world.held('visite-sortie', [{ rpps: town }])).toMatchObject({ status: 201 });
    expect(await world.send('compte-rendu-consultation')).toMatchObject({ status: 201 });
    const closed = await world.closed('https://cpts-trois-anses.example/documents|RETOUR-2026-0001');
    expect(closed).toMatchObject({ state: 'completed', closedAt: expect.any(Date) as unknown });
    expect(await world.toldAtRequester()).toEqual([
      '11488-4 application/fhir+json',
      '11488-4 application/pdf',
    ]);
    expect(await world.errors()).toEqual([]);
  });

  it('waits for the letter of liaison that the pathway asks for', async () => {
    world = await startNetworkStory(hospital);
    const text = JSON.stringify(exampleReferral('sortie-hopital')).replace('11490-0', '96349-6');
    await world.accepted(JSON.parse(text) as ReturnType<typeof exampleReferral>);
    await expect(world.held('visite-sortie', [{ rpps: town }])).rejects.toThrow(
      'il manque au dossier : Lettre de liaison à la sortie',
    );
  });
});

describe('an entry that a GP has prepared', () => {
  it('ends with the letter of liaison, for the GP who asked and whoever goes on', async () => {
    world = await startNetworkStory({
      network: 'cpts-communaute-inventee',
      placerHome: ['https://finess.esante.gouv.fr|992873695', `https://rpps.esante.gouv.fr|${town}`],
      patientSystem: 'https://msp-ville-close.example/patients',
    });
    await world.accepted(exampleReferral('entree-hopital'));
    await world.held('sejour', [{ rpps: '10999900094' }]);
    const letter = {
      demande: { system: 'https://msp-ville-close.example/demandes', value: 'ENTREE-2026-0001' },
      patient: {
        identifiants: [{ system: 'https://msp-ville-close.example/patients', value: 'P-0077' }],
        ...{ nom: 'ESSAI-SORTIE', prenom: 'Marcel', sexe: 'masculin', naissance: '1942-08-30' },
      },
    };
    await expect(world.send('lettre-liaison-sortie', letter)).rejects.toThrow('« Relais en ville »');
    const relay = await world.order('relais');
    const performer = [
      { type: 'Practitioner', identifier: { system: 'https://rpps.esante.gouv.fr', value: town } },
    ];
    const { context, coreso: fulfiller } = world.story;
    await assignPerformer(context, fulfiller, { ...relay, performer }, Number(relay.meta?.versionId));
    expect(await world.send('lettre-liaison-sortie', letter)).toMatchObject({ status: 201 });
    expect((await world.order('relais'))['status']).toBe('active');
    const closed = await world.closed('https://ch-trois-anses.example/documents|LIAISON-2026-0001');
    expect(closed).toMatchObject({ state: 'completed', closedAt: expect.any(Date) as unknown });
    expect(await world.toldAtRequester()).toEqual([
      '11490-0 application/fhir+json',
      '11490-0 application/pdf',
    ]);
    expect(await world.errors()).toEqual([]);
  });
});

describe('unscheduled care', () => {
  it('is one consultation, due in two days, and its report', async () => {
    world = await startNetworkStory(hospital);
    const { id, tenant } = await world.accepted(exampleReferral('soin-non-programme'));
    const events = await world.story.context.store.referrals.events(tenant, id);
    const { steps } = events.find(({ kind }) => kind === 'plan-started')!.detail as unknown as {
      steps: { id: string; dueDays?: number }[];
    };
    expect(steps.map((step) => [step.id, step.dueDays])).toEqual([
      ['consultation-rapide', 2],
      ['retour-consultation', undefined],
    ]);
    await world.held('consultation-rapide', [{ rpps: town }]);
    await world.send('compte-rendu-consultation', {
      demande: { system: 'https://ch-trois-anses.example/demandes', value: 'SNP-2026-0001' },
    });
    const closed = await world.closed('https://cpts-trois-anses.example/documents|RETOUR-2026-0001');
    expect(closed).toMatchObject({ state: 'completed', closedAt: expect.any(Date) as unknown });
    expect(await world.errors()).toEqual([]);
  });
});
