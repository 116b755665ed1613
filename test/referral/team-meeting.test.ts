/** A case before a multidisciplinary meeting (RCP): file, quorum, opinion, and what follows from its decision. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createPathway } from '../../src/referral/pathway.ts';
import { updateTask } from '../../src/referral/placer.ts';
import { transferTask } from '../../src/referral/transfer-task.ts';
import { hold, type HeldInput } from '../directory/held.ts';
import { exampleReferral, type NetworkStory, type Seat, startNetworkStory } from './network-story.ts';
import { tenant } from './story.ts';

let world: NetworkStory;

afterEach(async () => {
  await world.story.close();
});

const specialities =
  'https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale';
const titles = 'https://mos.esante.gouv.fr/NOS/TRE_R95-UsagerTitre/FHIR/TRE-R95-UsagerTitre';
const nutrition: Seat = { rpps: '10999900052', discipline: { system: specialities, code: 'SM62' } };
const surgeon: Seat = { rpps: '10999900060', discipline: { system: specialities, code: 'SM14' } };
const psychologist: Seat = { rpps: '10999900078', discipline: { system: titles, code: '93' } };
const later = ['preparation.1', 'preparation.2', 'preparation.3', 'anesthesie', 'intervention', 'suivi'];

async function accepted(): Promise<void> {
  world = await startNetworkStory({
    network: 'cso-filiere-inventee',
    placerHome: ['https://finess.esante.gouv.fr|999602485'],
    patientSystem: 'https://clinique-ecluse.example/ipp',
  });
  const { taskId } = await world.accepted(exampleReferral('rcp'));
  const { context, psychiatrist: asking } = world.story;
  await expect(world.held('reunion', [nutrition, surgeon, psychologist])).rejects.toThrow(
    'il manque au dossier : Synthèse médicale',
  );
  const task = (await context.store.clinical.get(tenant, 'Task', taskId))!;
  await updateTask(context, asking, { ...task, input: [summary] });
}

/** What the file lacked, sent by the requester. */
const summary = {
  type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }], text: 'Synthèse médicale' },
  valueAttachment: { contentType: 'text/plain', data: Buffer.from('Synthèse').toString('base64') },
};

async function statuses(): Promise<unknown[]> {
  const orders: AnyResource[] = [];
  for (const step of later) orders.push(await world.order(step));
  return orders.map(({ status }) => status);
}

describe('a case before an RCP', () => {
  it('meets when the file is complete and the quorum of its team is there', async () => {
    await accepted();
    await expect(world.held('reunion', [nutrition, psychologist])).rejects.toThrow(
      'n’a pas son quorum (participants : 3 au moins, 2 présent(s) ; Chirurgie bariatrique : 1 au moins, 0 présent(s))',
    );
    const twice = [nutrition, surgeon, surgeon];
    await expect(world.held('reunion', twice)).rejects.toThrow('participants : 3 au moins, 2 présent(s)');
    expect(await world.held('reunion', [nutrition, surgeon, psychologist])).toMatchObject({ status: 201 });
  });

  it('gets an opinion that opens the steps of bariatric surgery, and goes back to who asked', async () => {
    await accepted();
    await world.held('reunion', [nutrition, surgeon, psychologist]);
    expect(await statuses()).toEqual(later.map(() => 'draft'));
    expect(await world.send('avis-rcp')).toMatchObject({ status: 201 });
    expect(await statuses()).toEqual(['active', ...later.slice(1).map(() => 'draft')]);
    const { supportingInfo } = await world.plan();
    expect(supportingInfo).toMatchObject([
      { type: 'DocumentReference', identifier: { value: 'RCP-2026-0001' } },
    ]);
    const closed = await world.closed('https://cso-val.example/documents|RCP-2026-0001');
    expect(closed).toMatchObject({ state: 'completed', closedAt: expect.any(Date) as unknown });
    expect(await world.toldAtRequester()).toEqual([
      '34794-8 application/fhir+json',
      '34794-8 application/pdf',
    ]);
    expect(await world.errors()).toEqual([]);
  });

  it('has every criterion of the team answered in its opinion, and says why where it does not conform', async () => {
    await accepted();
    await world.held('reunion', [nutrition, surgeon, psychologist]);
    const asked = { critere: 'orientation-chirurgie', texte: 'Personne orientée', reponse: 'oui' };
    const pieces = { critere: 'pieces', texte: 'Lettre et synthèse', reponse: 'non' };
    await expect(world.send('avis-rcp', { conformite: [asked] })).rejects.toThrow(
      "« Avis de la réunion » répond aux critères déclarés par l’équipe : « Lettre d'adressage et synthèse médicale » " +
        '(pieces) n’est pas examiné.',
    );
    await expect(world.send('avis-rcp', { conformite: [asked, pieces] })).rejects.toMatchObject({
      category: 'unprocessable',
      message: expect.stringContaining(
        '(pieces) : dites pourquoi le dossier est présenté quand même',
      ) as unknown,
      issues: [{ code: 'required', expression: 'Bundle.entry[0].resource.section' }],
    });
    expect(await statuses()).toEqual(later.map(() => 'draft'));
    const early = await world.send('avis-rcp', { statut: 'preliminaire', conformite: [asked] });
    expect(early.status).toBe(201);
    const identifiant = { system: 'https://cso-val.example/documents', value: 'RCP-2026-0001-2' };
    const said = [asked, { ...pieces, motif: 'Synthèse reçue en séance' }];
    expect(await world.send('avis-rcp', { identifiant, conformite: said })).toMatchObject({ status: 201 });
    expect((await statuses())[0]).toBe('active');
  });

  it('gives the steps up when the opinion is against them', async () => {
    await accepted();
    await world.held('reunion', [nutrition, surgeon, psychologist]);
    await world.send('avis-rcp', { decision: 'defavorable' });
    expect(await statuses()).toEqual(later.map(() => 'revoked'));
    await expect(world.held('preparation.1', [nutrition])).rejects.toThrow('l’avis rendu en a décidé ainsi');
    const closed = await world.closed('https://cso-val.example/documents|RCP-2026-0001');
    expect(closed.state).toBe('completed');
    expect(await world.errors()).toEqual([]);
  });

  it('stays decided against with whoever it is handed to', async () => {
    await accepted();
    await world.held('reunion', [nutrition, surgeon, psychologist]);
    await world.send('avis-rcp', { decision: 'defavorable' });
    const { context, coreso, servers } = world.story;
    await world.story.deliver();
    await world.moveTask({ status: 'in-progress' });
    const [referral] = await context.store.referrals.list(tenant);
    const task = (await context.store.clinical.get(tenant, 'Task', referral!.taskId))!;
    const offer = 'cso-filiere-inventee/offer/explorations';
    const owner = { identifier: { system: 'https://passerelle.example/fhir/network', value: offer } };
    await transferTask({ ...context, pathway: createPathway({ ...context }) }, coreso, { ...task, owner });
    await world.story.deliver();
    const key = `https://passerelle.example/fhir/referral|${referral!.id}`;
    const [theirs] = await world.story.find(servers.ville, 'Task', { identifier: `${key}/task/2` });
    await servers.ville.update({ ...theirs!, status: 'accepted' } as AnyResource & { id: string });
    await world.story.follow();
    const asked = await Promise.all(
      later.map((step) =>
        context.store.clinical.search(tenant, {
          type: 'ServiceRequest',
          identifier: `${key}/activity/${step}/2`,
        }),
      ),
    );
    expect(asked.map(({ resources }) => resources[0]?.['status'])).toEqual(later.map(() => 'revoked'));
  });
});

describe('a meeting whose participants the directory knows', () => {
  const professions = 'https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante';
  const known = (rpps: string, code: [string, string][], specialty: [string, string][] = []): HeldInput[] => {
    const concepts = (all: [string, string][], system: string) =>
      all.map(([one, text]) => ({ coding: [{ system, code: one }], text }));
    return [
      {
        ...{ kind: 'Practitioner', key: `P8${rpps}`, identifiers: [`R${rpps}`] },
        resource: { resourceType: 'Practitioner', active: true },
      },
      {
        ...{ kind: 'PractitionerRole', key: `Xrole-${rpps}`, practitioner: `P8${rpps}` },
        resource: {
          ...{ resourceType: 'PractitionerRole', active: true },
          code: concepts(code, professions),
          ...(specialty.length ? { specialty: concepts(specialty, specialities) } : {}),
        },
      },
    ];
  };
  const said = async (): Promise<string> => {
    const { store } = world.story.context;
    const [referral] = await store.referrals.list(tenant);
    const events = await store.referrals.events(tenant, referral!.id);
    return String((events.findLast(({ kind }) => kind === 'consultation')!.detail as { said?: string }).said);
  };

  it('has no quorum by a discipline that the directory contradicts, and is told where and what it has', async () => {
    await accepted();
    await hold(world.story.context.store, 'national', 0, known(surgeon.rpps, [['60', 'Infirmier']]));
    const refused = world.held('reunion', [nutrition, surgeon, psychologist]);
    await expect(refused).rejects.toMatchObject({
      category: 'unprocessable',
      issues: [{ expression: 'Encounter.participant[1].type[0]', code: 'business-rule' }],
    });
    await expect(refused).rejects.toThrow(
      'L’annuaire contredit cette discipline (il y lit : Infirmier) : ce siège ne compte pas, et « Réunion de concertation » n’a pas son quorum (participants : 3 au moins, 2 présent(s) ; Chirurgie bariatrique : 1 au moins, 0 présent(s))',
    );
  });

  it('meets without that seat when enough others are there, and says so', async () => {
    await accepted();
    const other: Seat = { rpps: '10999900086', discipline: nutrition.discipline! };
    await hold(world.story.context.store, 'national', 0, [
      ...known(surgeon.rpps, [['10', 'Médecin']], [['SM14', 'Chirurgie']]),
      ...known(other.rpps, [['10', 'Médecin']], [['SM54', 'Médecine générale']]),
    ]);
    const seats = [nutrition, surgeon, psychologist, other];
    expect(await world.held('reunion', seats)).toMatchObject({ status: 201 });
    expect(await said()).toBe(
      'Quorum sans 1 siège(s) que l’annuaire contredit (Encounter.participant[3].type[0]) ; 2 discipline(s) comptée(s) comme dites, l’annuaire n’en disant rien (Encounter.participant[0].type[0], Encounter.participant[2].type[0]).',
    );
  });

  it('counts what is told where the directory is empty or only has somebody as gone, and says so', async () => {
    await accepted();
    const gone = known(surgeon.rpps, [['60', 'Infirmier']]).map((row) => ({
      ...row,
      state: 'closed' as const,
    }));
    await hold(world.story.context.store, 'national', 0, gone);
    expect(await world.held('reunion', [nutrition, surgeon, psychologist])).toMatchObject({ status: 201 });
    expect(await said()).toMatch(/^Quorum 3 discipline\(s\) comptée\(s\) comme dites/);
  });
});
