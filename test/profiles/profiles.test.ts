import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canonicalBase } from '../../src/fhir/names.ts';
import { codeSystems, definitions, element, extensions, profiles, valueSets } from './guide.ts';

const fixtures = join(import.meta.dirname, '../fixtures/profiles');

const sources = join(import.meta.dirname, '../../profiles/input/fsh');

/** The names agreed between rooms: a mapping or a server may hold any of them. */
const agreed = [
  'pas-acknowledge-task',
  'pas-activity-order',
  'pas-addressing-letter',
  'pas-affiliation',
  'pas-care-circle',
  'pas-care-offer',
  'pas-care-plan',
  'pas-circle-task',
  'pas-closed-task',
  'pas-consent-task',
  'pas-consultation',
  'pas-consultation-report',
  'pas-directory-organization',
  'pas-directory-practitioner',
  'pas-directory-role',
  'pas-discharge-letter',
  'pas-document-bundle',
  'pas-document-reference',
  'pas-establishment',
  'pas-filler-order',
  'pas-identity-task',
  'pas-indicator',
  'pas-network-action',
  'pas-network-document',
  'pas-network-organization',
  'pas-network-team',
  'pas-organisational-protocol',
  'pas-overdue-task',
  'pas-personal-plan',
  'pas-practitioner',
  'pas-practitioner-role',
  'pas-protocol',
  'pas-protocol-activity',
  'pas-referral-consent',
  'pas-referral-letter',
  'pas-referral-order',
  'pas-referral-patient',
  'pas-referral-task',
  'pas-remote-opinion',
  'pas-remote-opinion-request',
  'pas-routing-task',
  'pas-submission-set',
  'pas-synthesis',
  'pas-team-opinion',
  'pas-territory',
  'pas-transfer-note',
];

/** Profiles of what a directory shows, to which IHE mCSD applies. */
const directory = [
  ['pas-network-organization', 'Organization'],
  ['pas-establishment', 'Organization'],
  ['pas-practitioner', 'Practitioner'],
  ['pas-practitioner-role', 'PractitionerRole'],
  ['pas-affiliation', 'OrganizationAffiliation'],
  ['pas-care-offer', 'HealthcareService'],
  ['pas-territory', 'Location'],
  ['pas-directory-organization', 'Organization'],
  ['pas-directory-practitioner', 'Practitioner'],
  ['pas-directory-role', 'PractitionerRole'],
] as const;

describe('profiles', () => {
  it('are the agreed ones, under our canonical base', () => {
    expect(profiles.map(({ id }) => id).sort()).toEqual(agreed);
    for (const { id, url } of profiles) expect(url).toBe(`${canonicalBase}/StructureDefinition/${id}`);
  });

  it.each(definitions.map(({ id, snapshot }) => [id, snapshot] as const))(
    '%s has a snapshot',
    (_id, snapshot) => {
      expect(snapshot?.element.length).toBeGreaterThan(3);
    },
  );

  it('derive from base R4, which resolves without any registry', () => {
    for (const { type, baseDefinition } of definitions) {
      expect(baseDefinition).toBe(`http://hl7.org/fhir/StructureDefinition/${type}`);
    }
  });

  it('name extensions that are shipped or part of R4', () => {
    const known = new Set(extensions.map(({ url }) => url));
    const used = definitions
      .flatMap(({ differential }) => differential?.element ?? [])
      .flatMap(({ type }) => type ?? [])
      .flatMap(({ code, profile }) => (code === 'Extension' ? (profile ?? []) : []))
      .filter((url) => !url.startsWith('http://hl7.org/fhir/StructureDefinition/'));
    expect(used.filter((url) => !known.has(url))).toEqual([]);
  });

  it('bind as required only what is shipped or of R4', () => {
    const shipped = new Set(valueSets.map(({ url }) => url));
    const bound = definitions
      .flatMap(({ differential }) => differential?.element ?? [])
      .flatMap(({ binding }) => (binding?.strength === 'required' ? [binding.valueSet] : []));
    expect(bound.length).toBeGreaterThan(20);
    expect(bound.filter((url) => !shipped.has(url))).toEqual([]);
  });
});

describe('generated resources', () => {
  it('are those the FSH names, one file each (npm run build:profiles -- --check compares their content)', () => {
    const named = readdirSync(sources)
      .map((name) => readFileSync(join(sources, name), 'utf8'))
      .flatMap((text) => [...text.matchAll(/^Id: (\S+)$/gm)].map((match) => match[1]));
    const all = [...codeSystems, ...valueSets, ...definitions].map(({ id }) => id);
    // The words of network files come from the code tables (test/mapping/concept-maps.test.ts).
    const generated = all.filter((id) => !id?.startsWith('network-words-'));
    expect(generated.sort()).toEqual(named.sort());
  });
});

describe('directory profiles', () => {
  it.each(directory)('%s forbids implicitRules and modifierExtension (MCSD-07)', (profile, type) => {
    expect(element(profile, `${type}.implicitRules`)?.max).toBe('0');
    expect(element(profile, `${type}.modifierExtension`)?.max).toBe('0');
  });

  it.each([
    ['pas-network-organization', 'Organization.name'],
    ['pas-network-organization', 'Organization.type'],
    ['pas-establishment', 'Organization.name'],
    ['pas-establishment', 'Organization.type'],
    ['pas-practitioner', 'Practitioner.name'],
    ['pas-practitioner-role', 'PractitionerRole.code'],
    ['pas-affiliation', 'OrganizationAffiliation.active'],
    ['pas-affiliation', 'OrganizationAffiliation.organization'],
    ['pas-affiliation', 'OrganizationAffiliation.participatingOrganization'],
    ['pas-affiliation', 'OrganizationAffiliation.code'],
    ['pas-care-offer', 'HealthcareService.name'],
    ['pas-care-offer', 'HealthcareService.type'],
    ['pas-territory', 'Location.name'],
    ['pas-territory', 'Location.status'],
    ['pas-territory', 'Location.managingOrganization'],
  ])('%s demands %s (MCSD-07, MCSD-08)', (profile, id) => {
    expect(element(profile, id)?.min).toBeGreaterThanOrEqual(1);
  });

  it('an affiliation never uses network (MCSD-09)', () => {
    expect(element('pas-affiliation', 'OrganizationAffiliation.network')?.max).toBe('0');
  });

  it('a network team has no patient', () => {
    expect(element('pas-network-team', 'CareTeam.subject')?.max).toBe('0');
  });

  it('a professional is shown without birth date, sex and address', () => {
    for (const name of ['birthDate', 'gender', 'address']) {
      expect(element('pas-practitioner', `Practitioner.${name}`)?.max).toBe('0');
    }
  });
});

describe('terminology', () => {
  it('every code a value set names exists in its code system, where we ship it', () => {
    const known = new Map(
      codeSystems.map(({ url, concept }) => [url, new Set(concept?.map(({ code }) => code))]),
    );
    const unknown = valueSets
      .flatMap(({ compose }) => compose?.include ?? [])
      .flatMap(({ system, concept }) => (concept ?? []).map(({ code }) => ({ system, code })))
      .filter(({ system, code }) => known.has(system) && !known.get(system)?.has(code));
    expect(unknown).toEqual([]);
  });

  it('value sets over fragments name their codes one by one', () => {
    const fragments = new Set(
      codeSystems.filter(({ content }) => content === 'fragment').map(({ url }) => url),
    );
    const open = valueSets
      .flatMap(({ compose }) => compose?.include ?? [])
      .filter(({ system, concept }) => fragments.has(system) && !concept);
    expect(open).toEqual([]);
  });

  it('lists of others are fragments without display; ours are complete, each code with a French display', () => {
    for (const { url, content, concept } of codeSystems) {
      const ours = url?.startsWith(canonicalBase);
      expect([url, content]).toEqual([url, ours ? 'complete' : 'fragment']);
      for (const { code, display } of concept ?? []) expect([code, Boolean(display)]).toEqual([code, ours]);
    }
  });

  it('no code stands twice in a code system', () => {
    for (const { concept } of codeSystems) {
      const codes = concept?.map(({ code }) => code) ?? [];
      expect(new Set(codes).size).toBe(codes.length);
    }
  });
});

describe('fixtures of profiles', () => {
  it.each(agreed)('%s has a valid resource that names it, and a copy with one fault', (profile) => {
    const file = join(fixtures, 'valid', `${profile}.json`);
    const resource = JSON.parse(readFileSync(file, 'utf8')) as { meta: { profile: string[] } };
    expect(resource.meta.profile).toEqual([`${canonicalBase}/StructureDefinition/${profile}`]);
    const faults = readdirSync(join(fixtures, 'invalid')).filter((name) => name.startsWith(`${profile}-`));
    expect(faults.length).toBeGreaterThan(0);
  });

  it('every faulty resource is a copy of a valid one', () => {
    for (const name of readdirSync(join(fixtures, 'invalid'))) {
      expect(agreed.some((profile) => name.startsWith(`${profile}-`))).toBe(true);
    }
    expect(existsSync(join(fixtures, 'valid'))).toBe(true);
  });
});
