/** Who could take the patient on near home: what is searched for, and for which steps. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Parts } from '../../src/gateway/parts.ts';
import { proposeOperation } from '../../src/gateway/propose-operation.ts';
import type { NearestArguments } from '../../src/directory/told.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { acceptReferral } from '../../src/referral/accept.ts';
import { homeCommune } from '../../src/referral/home-commune.ts';
import { example, startStory, type Story, tenant } from '../referral/story.ts';

let story: Story;
let id: string;
const asked: NearestArguments[] = [];

beforeAll(async () => {
  story = await startStory();
  await acceptReferral(story.context, story.psychiatrist, example());
  id = (await story.context.store.referrals.list(tenant))[0]!.id;
}, 180_000);
afterAll(() => story.close());

function propose(args: { id: string; limit?: number }) {
  const { store, rules } = story.context;
  const parts = { store, config: { tenant }, exchanges: { rules } } as unknown as Parts;
  const directoryNearest = async (search: NearestArguments) => {
    asked.push(search);
    return { commune: { insee: '69383', lat: 45.76, lon: 4.85 }, offers: [] };
  };
  return proposeOperation(parts, { directoryNearest }).referralPropose(args);
}

describe('proposing town GPs', () => {
  it('waits for a plan', async () => {
    await expect(propose({ id })).rejects.toMatchObject({ category: 'unprocessable' });
    await expect(propose({ id: 'inconnu' })).rejects.toMatchObject({ category: 'not-found' });
  });

  it('looks for GPs who take new patients around the commune, and names the steps without a performer', async () => {
    await story.deliver();
    const identifier = `https://passerelle.example/fhir/referral|${id}/task`;
    const [task] = await story.find(story.servers.ville, 'Task', { identifier });
    await story.servers.ville.update({ ...task!, status: 'accepted' } as AnyResource & { id: string });
    await story.follow();
    const { steps } = await propose({ id, limit: 3 });
    expect(asked).toEqual([
      {
        ...{ profession: 'medecin', speciality: 'medecine-generale', commune: 'Lyon 69003' },
        ...{ newPatients: true, limit: 3 },
      },
    ]);
    expect(steps.map(({ id: step }) => step)).toContain('reorientation');
    expect(steps.every(({ order }) => order.startsWith('ServiceRequest/'))).toBe(true);
  });
});

describe('the commune of a patient', () => {
  const of = (...address: object[]): string | undefined =>
    homeCommune({ resourceType: 'Patient', address }, story.context.rules.identity);
  const insee = {
    url: 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code',
    valueCoding: { code: '69383' },
  };

  it('is that of home, by its INSEE code when there is one, and never of an old address', () => {
    expect(of({ use: 'work', city: 'Bron' }, { use: 'home', city: 'Lyon', extension: [insee] })).toBe(
      '69383',
    );
    expect(of({ use: 'old', city: 'Bron', postalCode: '69500' }, { city: 'Lyon', postalCode: '69003' })).toBe(
      'Lyon 69003',
    );
    expect(of({ use: 'old', city: 'Bron' })).toBeUndefined();
    expect(of()).toBeUndefined();
  });
});
