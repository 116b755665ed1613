import { systems } from '../../../src/fhir/identifiers.ts';
import { businessKeyOf } from '../../../src/directory/api/business-key.ts';
import type { AnyResource } from '../../../src/fhir/types.ts';
import { syntheticIdentifiers } from '../../synthetic.ts';

const names = [
  'Amorce',
  'Bocage',
  'Canopée',
  'Dolmen',
  'Estran',
  'Futaie',
  'Garrigue',
  'Hêtraie',
  'Îlot',
  'Jachère',
];

/** Synthetic records of the five types: `people` practitioners with a role each, half as many structures. */
export function population(people: number, updated = '2026-10-20T03:00:00Z'): AnyResource[] {
  const make = syntheticIdentifiers({ seed: 7, volume: true });
  const structures = Math.ceil(people / 2);
  const meta = { versionId: '1', lastUpdated: updated };
  const identifier = (system: string, value: string): object[] => [{ system, value }];
  return [
    ...range(structures).map((n) => ({
      ...{ resourceType: 'Organization', id: `org-${n}`, meta, active: true },
      ...{ identifier: identifier(systems.idNatSt, make.idNatSt()), name: `${names[n % 10]} santé ${n}` },
    })),
    ...range(people).map((n) => ({
      ...{ resourceType: 'Practitioner', id: `pra-${n}`, meta, active: true },
      identifier: identifier(systems.idNatPs, make.idNatPs()),
      name: [{ family: `${names[(n * 3) % 10]}${n}`, given: ['Essai'] }],
    })),
    ...range(people).map((n) => ({
      ...{ resourceType: 'PractitionerRole', id: `rol-${n}`, meta, active: true },
      identifier: identifier(systems.rpps, make.rpps()),
      practitioner: { reference: `Practitioner/pra-${n}` },
      organization: { reference: `Organization/org-${n % structures}` },
      code: [{ coding: [{ system: 'https://passerelle.example/mode', code: n % 3 ? 'L' : 'S' }] }],
    })),
    ...range(Math.ceil(people / 20)).map((n) => ({
      ...{ resourceType: 'HealthcareService', id: `hcs-${n}`, meta, active: true },
      identifier: identifier('https://passerelle.example/service', String(n)),
      providedBy: { reference: `Organization/org-${n}` },
    })),
    ...range(Math.ceil(people / 30)).map((n) => ({
      ...{ resourceType: 'Device', id: `dev-${n}`, meta, status: 'active' },
      identifier: identifier('https://passerelle.example/device', String(n)),
      owner: { reference: `Organization/org-${n}` },
    })),
  ] as AnyResource[];
}

/** As the contract writes keys. */
export function keysOf(records: readonly AnyResource[]): string[] {
  return records.map((one) => `${one.resourceType} ${businessKeyOf(one)}`).sort();
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
