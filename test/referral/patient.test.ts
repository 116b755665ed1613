import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Patient } from '../../src/fhir/types.ts';
import { matchPatient } from '../../src/referral/match-patient.ts';
import {
  leaksIns,
  provisionalPatient,
  qualifiedIns,
  samePerson,
  withoutUnqualifiedIns,
} from '../../src/referral/patient.ts';
import { readExchangeRules } from '../../src/referral/rules.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import type { FhirServer } from '../../src/server/types.ts';
import { openServer, serverConfig } from '../server/open-server.ts';
import { example } from './story.ts';

const { identity } = readExchangeRules('mappings');
const now = new Date('2026-11-30T09:00:00Z');
const ippSystem = 'https://accueil.example/ipp';

/** The example's patient, with one change. */
function patient(change: (patient: Patient) => void = () => undefined): Patient {
  const [{ resource }] = example()['entry'] as [{ resource: unknown }];
  const copy = structuredClone(resource) as Patient;
  change(copy);
  return copy;
}

const status = (code: string, system?: string) => (one: Patient) => {
  const coding = one.extension![0]!.extension![0]!.valueCoding!;
  coding.code = code;
  if (system) coding.system = system;
};

const nia = { system: 'urn:oid:1.2.250.1.213.1.4.11', value: '274129910000184' };

const missingTrait: [string, (one: Patient) => void][] = [
  ['the birth name', (one) => void delete one.name![0]!.family],
  ['the given names', (one) => void ((one.name![0]!.extension = []), delete one.name![0]!.given)],
  ['the sex', (one) => void delete one.gender],
  ['the birth date', (one) => void delete one.birthDate],
  ['the birth place', (one) => void (one.extension = one.extension!.slice(0, 1))],
];

describe('the INS of a patient', () => {
  it('is usable with the status QUAL and the five traits', () => {
    expect(qualifiedIns(patient(), identity, now)).toBe('urn:oid:1.2.250.1.213.1.4.10|174129910000157');
    expect(leaksIns(patient(), patient(), identity, now)).toBe(false);
  });

  it.each<[string, (one: Patient) => void]>([
    ['PROV', status('PROV')],
    ['RECUP', status('RECUP')],
    ['VALI', status('VALI')],
    ['VALI of the older list', status('VALI', 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445')],
    [
      'QUAL and PROV told together',
      (one) => {
        const lesser = structuredClone(one.extension![0]!);
        lesser.extension![0]!.valueCoding!.code = 'PROV';
        one.extension!.push(lesser);
      },
    ],
    [
      'QUAL beside another matricule, of which nobody knows which is right',
      (one) => void one.identifier!.push({ ...nia }),
    ],
    ['QUAL when it is a former one', (one) => void (one.identifier![0]!.use = 'old')],
    ['QUAL when its period has ended', (one) => void (one.identifier![0]!.period = { end: '2026-11-29' })],
    ['QUAL of an unknown list', status('QUAL', 'https://ailleurs.example/statuts')],
    ...missingTrait.map(([name, remove]): [string, (one: Patient) => void] => [
      `QUAL without ${name}`,
      remove,
    ]),
  ])('does not leave with %s', (_case, change) => {
    const one = patient(change);
    expect(qualifiedIns(one, identity, now)).toBeUndefined();
    expect(leaksIns(one, one, identity, now)).toBe(true);
    expect(JSON.stringify(withoutUnqualifiedIns(one, identity, now))).not.toContain('174129910000157');
    const sent = JSON.stringify(provisionalPatient(one, 'https://s.example|k', identity, undefined, now));
    expect(sent).not.toContain('174129910000157');
  });

  it.each([
    ['by its use', { use: 'old' as const }],
    ['by its period', { period: { start: '2020-01-01', end: '2026-11-29' } }],
  ])(
    'is the one in force when a former one is kept beside it, told %s; that one does not travel',
    (_how, former) => {
      const one = patient((changed) => void changed.identifier!.push({ ...nia, ...former }));
      expect(qualifiedIns(one, identity, now)).toBe('urn:oid:1.2.250.1.213.1.4.10|174129910000157');
      expect(JSON.stringify(withoutUnqualifiedIns(one, identity, now))).not.toContain(nia.value);
    },
  );

  it('is in force through the last day of its period', () => {
    const one = patient((changed) => void (changed.identifier![0]!.period = { end: '2026-11-30' }));
    expect(qualifiedIns(one, identity, now)).toBe('urn:oid:1.2.250.1.213.1.4.10|174129910000157');
  });

  it('does not stand for somebody with another trait, whatever their case and accents', () => {
    const theirs = patient((one) => void (one.name![0]!.family = 'essai coréso'));
    expect(samePerson(patient(), theirs, identity, now)).toBe(true);
    expect(
      samePerson(
        patient(),
        patient((one) => void (one.birthDate = '1974-12-04')),
        identity,
        now,
      ),
    ).toBe(false);
    expect(samePerson(patient(), patient(status('VALI')), identity, now)).toBe(false);
  });
});

describe('a provisional patient', () => {
  it('has our key, no other hospital’s number, no attending physician and nothing of its server', () => {
    const one = patient((changed) => {
      changed.generalPractitioner = [{ reference: 'Practitioner/7' }];
      changed.managingOrganization = { reference: 'Organization/7' };
      changed.link = [{ type: 'seealso', other: { reference: 'Patient/8' } }];
    });
    const sent = provisionalPatient(one, 'https://s.example|k', identity, undefined, now);
    expect(Object.keys(sent).sort()).toEqual(
      [
        'active',
        'address',
        'birthDate',
        'extension',
        'gender',
        'identifier',
        'name',
        'resourceType',
        'telecom',
      ].sort(),
    );
    expect(JSON.stringify(sent)).not.toContain('800012345');
  });
});

describe('the patient at a receiving hospital', () => {
  let hospital: Hospital;
  let server: FhirServer;
  const config = () => serverConfig(hospital.base, { patientSystem: ippSystem });

  beforeAll(async () => {
    hospital = await startHospital({ name: 'accueil', ids: 'client' });
    server = openServer(hospital.base);
  });
  afterAll(async () => {
    await server.close();
    await hospital.close();
  });

  let number = 0;
  /** Puts records there that carry an INS of their own, so that cases do not meet. */
  async function known(...records: Patient[]): Promise<(one: Patient) => void> {
    const value = `1741299100${String((number += 1)).padStart(5, '0')}`;
    const own = (one: Patient): void => {
      for (const identifier of one.identifier ?? [])
        if (identifier.system?.startsWith('urn:oid:')) identifier.value = value;
    };
    for (const [index, one] of records.entries()) {
      own(one);
      const id = `p-${number}-${index}`;
      await server.transaction([{ method: 'PUT', url: `Patient/${id}`, resource: { ...one, id } }]);
    }
    return own;
  }

  it('is found by a qualified INS with its traits', async () => {
    const own = await known(patient());
    expect(await matchPatient(server, config(), patient(own), identity, now)).toBe(`p-${number}-0`);
  });

  /** Two records, the second merged into the first, which kept the INS or did not. */
  async function merged(kept: (one: Patient) => void): Promise<(one: Patient) => void> {
    const other = { reference: `Patient/p-${number + 1}-0` };
    return known(
      patient(kept),
      patient((one) => void (one.link = [{ type: 'replaced-by', other }])),
    );
  }

  it('is the record that stays when another was merged into it', async () => {
    const own = await merged(() => undefined);
    expect(await matchPatient(server, config(), patient(own), identity, now)).toBe(`p-${number}-0`);
  });

  it('is not matched by a record that was merged into one without the INS: its identity cell decides', async () => {
    const own = await merged((one) => void (one.identifier = [{ system: 'https://x.example', value: 'x' }]));
    expect(await matchPatient(server, config(), patient(own), identity, now)).toBeUndefined();
  });

  it('is found by the number that this hospital gave', async () => {
    const withIpp = (one: Patient) => void (one.identifier = [{ system: ippSystem, value: 'IPP-1' }]);
    await known(patient(withIpp));
    expect(await matchPatient(server, config(), patient(withIpp), identity, now)).toBe(`p-${number}-0`);
  });

  it.each<[string, Patient[], (one: Patient) => void]>([
    ['nobody has the INS', [], () => undefined],
    ['two records have it', [patient(), patient()], () => undefined],
    ['its traits differ', [patient((one) => void (one.birthDate = '1980-01-01'))], () => undefined],
    ['its identity there is not qualified', [patient(status('PROV'))], () => undefined],
    ['ours is not qualified', [patient()], status('RECUP')],
    [
      'the record there has another matricule, too',
      [patient((one) => void one.identifier!.push({ ...nia }))],
      () => undefined,
    ],
    [
      'the record there has the matricule as a former one',
      [patient((one) => void (one.identifier![0]!.period = { end: '2026-11-29' }))],
      () => undefined,
    ],
    ['the record there was put aside', [patient((one) => void (one.active = false))], () => undefined],
    [
      'only the name is the same',
      [patient((one) => void (one.identifier = [{ system: 'https://x.example', value: 'x' }]))],
      () => undefined,
    ],
  ])('is not matched when %s', async (_case, records, change) => {
    const own = await known(...records);
    const ours = patient(own);
    change(ours);
    expect(await matchPatient(server, config(), ours, identity, now)).toBeUndefined();
  });

  it.each<[string, (one: Patient) => void]>([
    ['another birth date', (one) => void (one.birthDate = '1980-01-01')],
    ['the other sex', (one) => void (one.gender = 'female')],
  ])(
    'is not taken for whoever has the same number there and %s: numbers are mistyped',
    async (_case, change) => {
      const withIpp = (one: Patient) =>
        void (one.identifier = [{ system: ippSystem, value: `IPP-${_case}` }]);
      const theirs = patient(withIpp);
      change(theirs);
      await known(theirs);
      expect(await matchPatient(server, config(), patient(withIpp), identity, now)).toBeUndefined();
    },
  );

  it('is not whoever a server names that does not look at the criterion', async () => {
    const stranger = {
      ...patient(),
      id: 'stranger',
      identifier: [{ system: ippSystem, value: 'IPP-OTHER' }],
    };
    const bundle = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: stranger }] };
    const careless = await startHospital({
      ...{ name: 'careless', ids: 'client' },
      faults: () => ({ kind: 'answer', status: 200, body: JSON.stringify(bundle) }),
    });
    const there = openServer(careless.base);
    const withIpp = (one: Patient) => void (one.identifier = [{ system: ippSystem, value: 'IPP-9' }]);
    const matched = await matchPatient(there, config(), patient(withIpp), identity, now);
    await there.close();
    await careless.close();
    expect(matched).toBeUndefined();
  });
});
