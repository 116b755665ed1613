/**
 * Everything that the pathways write, before two validators that are not ours (P-46): RCP, télé-expertise, discharge, and Coreso for a
 * hospital that takes submissions. `written.test.ts` has the rest.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from '../../scripts/golden/judge.ts';
import type { Verdict } from '../../scripts/golden/verdict.ts';
import { caller } from '../../src/demo/http.ts';
import { receiveDocument } from '../../src/document/receive.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { updateTask } from '../../src/referral/placer.ts';
import { readyForDocument } from '../document/ready.ts';
import { workFolder } from '../e2e/passerelle.ts';
import { exampleReferral, startNetworkStory } from '../referral/network-story.ts';
import { startStory, type Story, synthesis, tenant } from '../referral/story.ts';
import { asFiles, everythingAt } from './everything-at.ts';

const minutes = 60_000;
const specialities =
  'https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale';
const titles = 'https://mos.esante.gouv.fr/NOS/TRE_R95-UsagerTitre/FHIR/TRE-R95-UsagerTitre';

/** What the gateway keeps of its referrals, and shows at `/fhir`. */
const kept = ['Patient', 'ServiceRequest', 'Task', 'Consent', 'DocumentReference', 'CarePlan', 'Encounter'];

/** What was judged, by the name of its file. */
const judged = new Map<string, AnyResource>();
let verdicts: Verdict[];
let place: Awaited<ReturnType<typeof workFolder>>;

const stories: [name: string, play: () => Promise<Story>][] = [
  [
    'rcp',
    async () => {
      const world = await startNetworkStory({
        network: 'cso-filiere-inventee',
        placerHome: [`${systems.finess}|999602485`],
        patientSystem: 'https://clinique-ecluse.example/ipp',
      });
      const { taskId } = await world.accepted(exampleReferral('rcp'));
      const { context, psychiatrist: asking } = world.story;
      const task = (await context.store.clinical.get(tenant, 'Task', taskId))!;
      const summary = {
        type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }], text: 'Synthèse médicale' },
        valueAttachment: { contentType: 'text/plain', data: Buffer.from('Synthèse').toString('base64') },
      };
      await updateTask(context, asking, { ...task, input: [summary] });
      await world.held('reunion', [
        { rpps: '10999900052', discipline: { system: specialities, code: 'SM62' } },
        { rpps: '10999900060', discipline: { system: specialities, code: 'SM14' } },
        { rpps: '10999900078', discipline: { system: titles, code: '93' } },
      ]);
      await world.send('avis-rcp');
      await world.closed('https://cso-val.example/documents|RCP-2026-0001');
      return world.story;
    },
  ],
  [
    'tele-expertise',
    async () => {
      const world = await startNetworkStory({
        network: 'ess-equipe-inventee',
        placerHome: ['https://cabinet-ilot.example/cabinets|ILOT'],
        patientSystem: 'https://cabinet-ilot.example/patients',
      });
      await world.accepted(exampleReferral('tele-expertise'));
      await world.send('compte-rendu-tele-expertise');
      await world.closed('https://ess-trois-anses.example/documents|AVIS-2026-0001');
      return world.story;
    },
  ],
  [
    'discharge',
    async () => {
      const world = await startNetworkStory({
        network: 'cpts-communaute-inventee',
        placerHome: [`${systems.finess}|991680828`],
        patientSystem: 'https://ch-trois-anses.example/ipp',
      });
      await world.accepted(exampleReferral('sortie-hopital'));
      await world.held('visite-sortie', [{ rpps: '10999901696' }]);
      await world.send('compte-rendu-consultation');
      await world.closed('https://cpts-trois-anses.example/documents|RETOUR-2026-0001');
      return world.story;
    },
  ],
  [
    'submitted',
    async () => {
      const story = await startStory(undefined, true);
      const identifier = [{ system: systems.finess, value: '990780033' }];
      const sector = 'https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite';
      await story.context.store.desired.add(tenant, [
        {
          ...{ networkId: 'coreso-le-vinatier', type: 'Organization', key: `${systems.finess}|990780033` },
          ...{ class: 'owned', hash: 'h', origin: null },
          body: {
            ...{ resourceType: 'Organization', identifier },
            type: [{ coding: [{ system: sector, code: 'SA01' }] }],
          },
        },
      ]);
      await readyForDocument(story);
      await receiveDocument(story.documents, story.coreso, synthesis(story.documents));
      await story.deliver();
      return story;
    },
  ],
];

beforeAll(async () => {
  place = await workFolder();
  for (const [name, play] of stories) {
    const story = await play();
    await story.deliver();
    for (const [at, hospital] of Object.entries(story.hospitals))
      for (const one of await everythingAt(caller(hospital.base)))
        judged.set(`${name}-${at}-${one.resourceType}-${one.id}`, one);
    for (const type of kept)
      for (const one of (await story.context.store.clinical.search(tenant, { type, limit: 1000 })).resources)
        judged.set(`${name}-kept-${type}-${one.id}`, one);
    await story.close();
  }
  verdicts = judge(await asFiles(judged, place.folder));
}, 15 * minutes);

afterAll(() => place.remove());

describe('what the pathways write', () => {
  it.each(['HAPI', 'HL7'])('%s finds no error in it; an unknown profile would be one', (validator) => {
    const verdict = verdicts.find((one) => one.validator === validator)!;
    expect(verdict.errors.map((one) => ({ ...one, source: one.source.split('/').at(-1)! }))).toEqual([]);
    expect(verdict.resources).toBe(judged.size);
  });

  it('covers the documents of each pathway, and the submission set with its comprehensive metadata', () => {
    const documents = [...judged.values()].filter(({ type }) => type === 'document');
    const types = documents.map(
      (one) => (one['entry'] as [{ resource: { type: { coding: [{ code: string }] } } }])[0].resource.type,
    );
    const codes = types.map(({ coding: [{ code }] }) => code);
    expect(codes).toEqual(expect.arrayContaining(['34794-8', '85208-7', '11488-4', '34133-9']));
    const lists = [...judged.values()].filter(({ resourceType }) => resourceType === 'List');
    expect(lists.map(({ meta }) => meta?.profile)).toEqual(
      lists.map(() => ['https://passerelle.example/fhir/StructureDefinition/pas-submission-set']),
    );
    expect(lists).toHaveLength(2);
  });
});
