import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Timing } from '../../src/fhir/types.ts';
import { timingText } from '../../src/picture/sessions.ts';
import { readNetwork } from '../../src/network/read.ts';
import { type Kinds, kindsOfTheProject } from '../network/project.ts';
import { pictureOf, wordsOf } from './pictures.ts';

const at = '2026-11-22';
let kinds: Kinds;
beforeAll(async () => {
  kinds = await kindsOfTheProject();
});

const tuesday = { dayOfWeek: ['tue' as const] };

describe('when a team meets', () => {
  it.each<[string, Timing, number?]>([
    ['le mardi', { repeat: tuesday }],
    ['chaque semaine, le mardi', { repeat: { ...tuesday, frequency: 1, period: 1, periodUnit: 'wk' } }],
    [
      'toutes les 2 semaines, le mardi, à 18 h, 1 h 30',
      {
        repeat: {
          ...tuesday,
          ...{ period: 2, periodUnit: 'wk', timeOfDay: ['18:00:00'], duration: 90, durationUnit: 'min' },
        },
      },
    ],
    ['le premier mardi du mois, à 12 h 30', { repeat: { ...tuesday, timeOfDay: ['12:30:00'] } }, 1],
    ['le mardi, 45 min', { repeat: { ...tuesday, duration: 45, durationUnit: 'min' } }],
    ['le mardi, 2 h', { repeat: { ...tuesday, duration: 120, durationUnit: 'min' } }],
    ['le mardi, jusqu’au 31 décembre 2026', { repeat: { ...tuesday, boundsPeriod: { end: '2026-12-31' } } }],
    ['22 novembre 2026, 4 janvier 2027', { event: ['2026-11-21', '2026-11-22', '2027-01-04'] }],
    ['', { event: ['2026-11-21'] }],
    ['', {}],
  ])('is said as « %s »', (text, timing, ...[rank]) => {
    expect(timingText(timing, rank, at)).toBe(text);
  });
});

describe('the picture of an RCP', () => {
  it('says its quorum by discipline, its calendar and what is presented to it', async () => {
    const { network } = await readNetwork('test/fixtures/mapping/records/cso-complete.yaml');
    const text = wordsOf(pictureOf(network!, kinds, at));
    expect(text).toMatch(
      // a list may go on in the next column, under the same heading
      /RCP fictive.*Quorum Participants : 4 au moins (RCP fictive \(suite\) Quorum )?Chirurgie bariatrique : 1 au moins Nutrition : 1 au moins/,
    );
    expect(text).toMatch(/Séances Toutes les 2 semaines, le mardi, à 18 h, 1 h 30, .*Salle fictive/);
    expect(text).toContain('Le premier jeudi du mois, à 12 h 30, sur place seulement');
    expect(text).toMatch(/Critère d'inclusion .*Critère d'exclusion .*Pièce à joindre /);
  });

  it('leaves out sessions that are over on the day shown', async () => {
    const { network } = await readNetwork('test/fixtures/mapping/records/cso-complete.yaml');
    const text = wordsOf(pictureOf(network!, kinds, '2027-02-01'));
    expect(text).not.toContain('Toutes les 2 semaines');
    expect(text).not.toContain('21 décembre 2026');
    expect(text).toContain('Le premier jeudi du mois');
  });
});

describe('the picture of a filière', () => {
  it('says that its list of members is not complete, its disciplines and its contacts', async () => {
    const { network } = await readNetwork('examples/networks/cso-filiere-inventee.yaml');
    const text = wordsOf(pictureOf(network!, kinds, at));
    expect(text).toContain('Liste des membres non exhaustive');
    expect(text).toContain('Disciplines : Nutrition, Endocrinologie et métabolisme, Diététique');
    expect(text).toContain('Adressage des patients : Coordination du CSO');
  });

  it('shows requests to join until they are decided', async () => {
    const { network } = await readNetwork('examples/networks/cso-filiere-inventee.yaml');
    const waiting = "Demandes d'adhésion en attente Clinique du Belvédère (inventée) 5 octobre 2026";
    expect(wordsOf(pictureOf(network!, kinds, at))).toContain(waiting);
    expect(wordsOf(pictureOf(network!, kinds, '2026-10-04'))).not.toContain('Belvédère');
  });
});

describe('the picture of a community', () => {
  it('says how many people live in its communes and what proves each stage', async () => {
    const { network } = await readNetwork('examples/networks/cpts-communaute-inventee.yaml');
    const text = wordsOf(pictureOf(network!, kinds, at));
    expect(text).toContain('Communes : Concarneau (20 000 hab.), Trégunc (7 000 hab.)');
    expect(text).toContain('Contrat tripartite ACI signé 1er janvier 2023 Pièce : Contrat tripartite signé');
  });
});
