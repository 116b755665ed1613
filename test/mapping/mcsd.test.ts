/** IHE mCSD over everything golden (statements MCSD-07, 08, 09). */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource, Organization } from 'fhir/r4.js';
import { goldenFile } from './golden.ts';
import { records } from './corpus.ts';

type Typed = FhirResource & Record<string, unknown>;
const mcsdTypes = 'https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types';

let all: Typed[];
beforeAll(async () => {
  all = (await records()).flatMap((record) =>
    (JSON.parse(readFileSync(goldenFile(record), 'utf8')) as Bundle).entry!.map(
      ({ resource }) => resource as Typed,
    ),
  );
});

const of = (type: string): Typed[] => all.filter(({ resourceType }) => resourceType === type);

function mcsdCodes(resource: Typed): string[] {
  return ((resource as Organization).type ?? []).flatMap(({ coding = [] }) =>
    coding.filter(({ system }) => system === mcsdTypes).map(({ code }) => code!),
  );
}

/** Elements a profile of mCSD requires, by resource type (MCSD-07). */
const required: Record<string, string[]> = {
  Organization: ['name', 'type'],
  Location: ['name', 'status', 'type'],
  HealthcareService: ['name', 'type'],
  Practitioner: ['name'],
  PractitionerRole: ['code'],
  OrganizationAffiliation: ['active', 'organization', 'participatingOrganization', 'code'],
};

describe('what the mappings write', () => {
  it('has every element that mCSD requires of its type (MCSD-07)', () => {
    for (const [type, elements] of Object.entries(required)) {
      expect(of(type).length).toBeGreaterThan(0);
      const lacking = of(type).flatMap((one) =>
        elements
          .filter(
            (element) => one[element] === undefined || (Array.isArray(one[element]) && !one[element].length),
          )
          .map((element) => `${type}.${element}`),
      );
      expect(lacking).toEqual([]);
    }
  });

  it('has no implicit rules and no modifier extension (MCSD-07)', () => {
    const modified = all.filter(
      (one) => 'implicitRules' in one || JSON.stringify(one).includes('"modifierExtension"'),
    );
    expect(modified).toEqual([]);
  });

  it('has no network in an affiliation, and one participant in each (MCSD-07, MCSD-09)', () => {
    for (const one of of('OrganizationAffiliation')) {
      expect(one).not.toHaveProperty('network');
      expect(Array.isArray(one['participatingOrganization'])).toBe(false);
    }
  });

  it('marks every Location as a jurisdiction with the organisation that manages it, none as a facility (MCSD-08)', () => {
    for (const one of of('Location')) {
      expect(mcsdCodes(one)).toEqual(['jurisdiction']);
      expect(one).toHaveProperty('managingOrganization');
    }
  });

  it('marks as facility only the sites of a directory, and no organisation twice (MCSD-08)', () => {
    const marked = of('Organization').filter((one) => mcsdCodes(one).length);
    expect(marked.length).toBeGreaterThan(10);
    for (const one of marked) {
      expect(mcsdCodes(one)).toEqual(['facility']);
      const identifiers = (one as unknown as Organization).identifier!;
      expect(identifiers.some(({ type }) => type?.coding?.[0]?.code === 'FINEG')).toBe(true);
    }
  });

  it('keeps hierarchies in partOf and networks out of it (MCSD-09)', () => {
    const network = (one: Typed): boolean =>
      (one.meta?.profile?.[0] ?? '').endsWith('/pas-network-organization');
    expect(of('Organization').filter((one) => network(one) && 'partOf' in one)).toEqual([]);
    expect(of('Organization').filter((one) => 'partOf' in one).length).toBeGreaterThan(5);
  });
});
