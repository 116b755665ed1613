/** The share of a territory's specialists that a team has, as the held directory counts it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { countShares } from '../../src/directory/share/count.ts';
import { shareFindings } from '../../src/directory/share/findings.ts';
import { shareQuestions } from '../../src/directory/share/questions.ts';
import type { Share, ShareQuestion, ShareRules } from '../../src/directory/share/types.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { readNetwork } from '../../src/network/read.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { kindsOfTheProject, type Kinds, today } from '../network/project.ts';
import { hold, type HeldInput } from './held.ts';

const minutes = 60_000;
const rules = parse(readFileSync('mappings/exchange/specialists.yaml', 'utf8')) as ShareRules;
const psychiatry = `${rules.specialities}|SM42`;

let database: TestDatabase;
let kinds: Kinds;
beforeAll(async () => {
  database = await freshDatabase();
  kinds = await kindsOfTheProject();
  const role = { speciality: psychiatry, commune: '29039', mode: 'L' };
  await hold(database.store, 'annuaire', 0, [
    ...Array.from({ length: 16 }, (_, index) => specialist(String(index), role)).flat(),
    // One person, two activities in the département: counted once.
    ...specialist('16', role),
    specialist('16', { ...role, commune: '29232', as: '16b' })[1]!,
    ...specialist('salaried', { ...role, mode: 'S' }),
    ...specialist('elsewhere', { ...role, commune: '56121' }),
    ...specialist('other-speciality', { ...role, speciality: `${rules.specialities}|SM54` }),
    ...specialist('left', role, 'closed'),
  ]);
}, 3 * minutes);
afterAll(async () => database.close());

type Role = { speciality: string; commune: string; mode: string; as?: string };

/** A person and one activity of theirs. */
function specialist(
  name: string,
  { speciality, commune, mode, as = name }: Role,
  state = 'active',
): HeldInput[] {
  const coding = [{ system: rules.exercise.system, code: mode }];
  return [
    { kind: 'Practitioner', key: `P8-${name}`, state, resource: { resourceType: 'Practitioner' } },
    {
      ...{
        kind: 'PractitionerRole',
        key: `X-${as}`,
        practitioner: `P8-${name}`,
        codes: [speciality],
        commune,
      },
      resource: { resourceType: 'PractitionerRole', active: true, code: [{ coding }] },
    },
  ];
}

async function questionsOf(
  file: string,
  change: (text: object) => object = (data) => data,
): Promise<ShareQuestion[]> {
  const { network } = await readNetwork(file);
  const record = { ...network!, data: change(network!.data) } as typeof network & object;
  const { resources } = mapRecord(kinds.get(record.kind)!.mapping, record, { at: today });
  return shareQuestions(record.id, resources, rules);
}

const ask = (questions: readonly ShareQuestion[]): Promise<Share[]> =>
  countShares(database.store, questions, rules, () => []);
const team = 'examples/networks/ess-equipe-inventee.yaml';

describe('the share of the specialists of a territory', () => {
  it('counts people in self-employed practice there, each once, with source and date', async () => {
    const [share, ...others] = await ask(await questionsOf(team));
    expect(others).toEqual([]);
    expect(share).toMatchObject({
      network: 'ess-equipe-inventee',
      speciality: { code: 'SM42', text: 'Psychiatrie' },
      counted: { members: 3, territory: 17, source: 'annuaire', date: '2026-11-01' },
      declared: { members: 3, territory: 20, source: 'Décompte inventé', date: '2026-01-15' },
    });
  });

  it('is a finding where the file declares another one, and none where both agree or none is declared', async () => {
    const [found] = shareFindings(await ask(await questionsOf(team)));
    expect(found).toMatchObject({
      kind: 'other-share',
      type: 'Organization',
      wrong: 'Psychiatrie : 3 sur 20 (Décompte inventé, 2026-01-15)',
      proposed: 'Psychiatrie : 3 sur 17 (annuaire, 2026-11-01)',
    });
    const agreed = await questionsOf(team, (data) => ({
      ...data,
      representation: [
        { specialite: 'psychiatrie', membres: '3', territoire: '17', source: 'Ordre', date: '2026-10-01' },
      ],
    }));
    expect(shareFindings(await ask(agreed))).toEqual([]);
    const silent = await questionsOf(team, (data) => ({ ...data, representation: [] }));
    const shares = await ask(silent);
    expect(shares[0]?.counted?.territory).toBe(17);
    expect(shareFindings(shares)).toEqual([]);
  });

  it('is not counted where the territory is part of a département, or the directory knows nobody there', async () => {
    const part = await questionsOf(team, (data) => ({
      ...data,
      territoire: {
        nom: 'Sud',
        region: 'bretagne',
        departements: [{ code: '29', nom: 'Finistère', partie: 'sud' }],
      },
    }));
    expect((await ask(part))[0]).not.toHaveProperty('counted');
    const elsewhere = await ask(await questionsOf('examples/networks/ess-endocrinologie-var.yaml'));
    expect(elsewhere).toHaveLength(2);
    expect(elsewhere.every(({ counted }) => counted === undefined)).toBe(true);
    expect(shareFindings(elsewhere)).toEqual([]);
  });

  it('is asked of no network of another type', async () => {
    expect(await questionsOf('examples/networks/cpts-communaute-inventee.yaml')).toEqual([]);
  });
});
