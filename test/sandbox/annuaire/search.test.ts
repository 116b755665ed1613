import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { servedTypes, type ServedType } from '../../../src/sandbox/annuaire/population/types.ts';
import { type Emulated, emulate, nextOf, readAll, type Resource, rowsOf } from './emulate.ts';

let emulated: Emulated;
const all = {} as Record<ServedType, Resource[]>;

beforeAll(async () => {
  emulated = await emulate({ population: { rates: { move: 0.05, retirement: 0.02 } } });
  emulated.emulator.advance(5);
  for (const type of servedTypes) all[type] = await readAll(emulated, `/${type}?_count=200`);
});
afterAll(() => emulated.emulator.stop());

/** What the API should answer, worked out from everything it serves. */
const ids = (resources: readonly Resource[]): string[] => resources.map(({ id }) => id).sort();
const json = (resource: Resource, element: string): string => JSON.stringify(resource[element] ?? null);
const found = async (query: string): Promise<string[]> => ids(await readAll(emulated, `/${query}`));
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const where = (type: ServedType, test: (resource: Resource) => boolean): string[] => {
  const expected = ids(all[type].filter(test));
  expect(expected.length).toBeGreaterThan(0);
  return expected;
};
const refused = async (query: string): Promise<string | undefined> => {
  const { status, body } = await emulated.get(`/${query}`);
  expect([query, status, body.resourceType]).toEqual([query, 400, 'OperationOutcome']);
  return body.issue?.[0]?.diagnostics;
};
const firstWith = (type: ServedType, element: string): Resource =>
  all[type].find((resource) => resource[element] !== undefined && resource.active !== false)!;
const codings = (resource: Resource, element: string): { system: string; code: string }[] =>
  [resource[element] ?? []]
    .flat()
    .flatMap((one) => (one as { coding: { system: string; code: string }[] }).coding);

describe('a naive reader', () => {
  it('reads through paging exactly what the population holds', () => {
    const { population } = emulated.emulator;
    for (const type of servedTypes) {
      const expected: string[] = [];
      for (let index = 0; index < population.count(type); index += 1) {
        const entry = population.at(type, index)!;
        if (entry.served) expected.push(JSON.stringify(entry.resource()));
      }
      expect(all[type].map((one) => JSON.stringify(one)).sort()).toEqual(expected.sort());
      expect(expected.length).toBeGreaterThan(0);
    }
  });

  it('finds each record again by read, with its version', async () => {
    for (const type of servedTypes) {
      const one = all[type].at(-1)!;
      const { status, body, headers } = await emulated.get(`/${type}/${one.id}`);
      expect([status, body, headers.get('etag')]).toEqual([200, one, `W/"${one.meta.versionId}"`]);
    }
  });
});

describe('parameters of every type', () => {
  it('_id takes one or several', async () => {
    const [a, b] = all.Practitioner as [Resource, Resource];
    expect(await found(`Practitioner?_id=${a.id}`)).toEqual([a.id]);
    expect(await found(`Practitioner?_id=${a.id},${b.id},nobody`)).toEqual(ids([a, b]));
  });

  it('identifier takes a value alone, with its system, and a system alone', async () => {
    for (const type of servedTypes) {
      const { system, value } = all[type][0]!.identifier[0]!;
      const carries = (resource: Resource): boolean =>
        resource.identifier.some((one) => one.system === system && one.value === value);
      expect(await found(`${type}?identifier=${value}`)).toEqual(where(type, carries));
      expect(await found(`${type}?identifier=${encodeURIComponent(`${system}|${value}`)}`)).toEqual(
        where(type, carries),
      );
      expect(await found(`${type}?identifier=${encodeURIComponent(`${system}|`)}`)).toEqual(
        where(type, (resource) => resource.identifier.some((one) => one.system === system)),
      );
      expect(await found(`${type}?identifier=${encodeURIComponent(`urn:other|${value}`)}`)).toEqual([]);
    }
  });

  it('active tells open records from stubs', async () => {
    for (const type of ['Practitioner', 'PractitionerRole', 'Organization'] as const) {
      expect(await found(`${type}?active=true`)).toEqual(where(type, ({ active }) => active === true));
    }
    expect(await found('PractitionerRole?active=false')).toEqual(
      where('PractitionerRole', ({ active }) => active === false),
    );
    expect(await found('PractitionerRole?active=true&active=false')).toEqual([]);
    expect(await found('PractitionerRole?active=true,false')).toEqual(ids(all.PractitionerRole));
  });

  it('data-information-system and data-registration-authority look into the data trace', async () => {
    expect(await found('Organization?data-information-system=FINESS')).toEqual(
      where('Organization', (one) => JSON.stringify(one.meta).includes('"FINESS"')),
    );
    expect(await found('Practitioner?data-registration-authority=CNOM')).toEqual(
      where('Practitioner', (one) => JSON.stringify(one.meta).includes('"CNOM"')),
    );
  });

  it('mailbox-mss looks at secure addresses', async () => {
    const one = all.Practitioner.find(({ telecom }) => telecom)!;
    const [{ value }] = one['telecom'] as [{ value: string }];
    expect(await found(`Practitioner?mailbox-mss=${encodeURIComponent(value)}`)).toEqual([one.id]);
  });
});

describe('_lastUpdated', () => {
  const from = '2026-01-08';
  const at = (resource: Resource): number => Date.parse(resource.meta.lastUpdated);

  it('takes gt, ge and eq with a day or an instant', async () => {
    const type = 'PractitionerRole';
    const day = Date.parse(from);
    expect(await found(`${type}?_lastUpdated=ge${from}`)).toEqual(where(type, (one) => at(one) >= day));
    expect(await found(`${type}?_lastUpdated=gt${from}`)).toEqual(
      where(type, (one) => at(one) >= day + 86_400_000),
    );
    expect(await found(`${type}?_lastUpdated=${from}`)).toEqual(
      await found(`${type}?_lastUpdated=eq${from}`),
    );
    expect(await found(`${type}?_lastUpdated=eq${from}`)).toEqual(
      where(type, (one) => at(one) >= day && at(one) < day + 86_400_000),
    );
    const [last] = all[type].toSorted((a, b) => at(b) - at(a)) as [Resource];
    const instant = encodeURIComponent(last.meta.lastUpdated);
    expect(await found(`${type}?_lastUpdated=ge${instant}`)).toEqual([last.id]);
    expect(await found(`${type}?_lastUpdated=eq${instant}`)).toEqual([last.id]);
    expect(await found(`${type}?_lastUpdated=gt${instant}`)).toEqual([]);
  });

  it('is bounded above by lt and le', async () => {
    const type = 'PractitionerRole';
    expect(await found(`${type}?_lastUpdated=ge2026-01-06&_lastUpdated=lt2026-01-08`)).toEqual(
      where(type, (one) => at(one) >= Date.parse('2026-01-06') && at(one) < Date.parse('2026-01-08')),
    );
    expect(await found(`${type}?_lastUpdated=ge2026-01-06&_lastUpdated=le2026-01-08`)).toEqual(
      where(type, (one) => at(one) >= Date.parse('2026-01-06') && at(one) < Date.parse('2026-01-09')),
    );
  });

  it('goes back 30 days, not more (P-10)', async () => {
    expect((await emulated.get('/Practitioner?_lastUpdated=ge2025-12-11')).status).toBe(200);
    expect(await refused('Practitioner?_lastUpdated=ge2025-12-10T23:59:59Z')).toMatch(/30 days/);
    await refused('Practitioner?_lastUpdated=lt2026-01-01');
  });

  it('refuses other prefixes and days that do not exist', async () => {
    await refused('Practitioner?_lastUpdated=ap2026-01-08');
    await refused('Practitioner?_lastUpdated=yesterday');
    await refused('Practitioner?_lastUpdated=ge2026-13-01');
  });
});

describe('Practitioner', () => {
  it('is found by family, given and whole name, with :exact and :contains', async () => {
    const one = firstWith('Practitioner', 'name');
    const [{ family, given }] = one['name'] as [{ family: string; given: string[] }];
    const named = (test: (name: { family: string; given: string[]; text: string }) => boolean) =>
      where('Practitioner', ({ name }) =>
        ((name ?? []) as [{ family: string; given: string[]; text: string }]).some(test),
      );
    const query = (text: string): string => encodeURIComponent(text);
    expect(await found(`Practitioner?family=${query(family.slice(0, 3).toLowerCase())}`)).toEqual(
      named((name) => plain(name.family).startsWith(plain(family.slice(0, 3)))),
    );
    expect(await found(`Practitioner?given:exact=${query(given[0]!)}`)).toEqual(
      named((name) => name.given.includes(given[0]!)),
    );
    expect(await found(`Practitioner?given:exact=${query(given[0]!.toLowerCase())}`)).toEqual([]);
    expect(await found(`Practitioner?name:contains=${query(family.slice(1, 4))}`)).toEqual(
      named((name) =>
        [name.text, name.family, ...name.given].some((word) =>
          plain(word).includes(plain(family.slice(1, 4))),
        ),
      ),
    );
  });

  it('is found by identifier-type and qualification-code, with and without system', async () => {
    expect(await found('Practitioner?identifier-type=RPPS')).toEqual(
      where('Practitioner', ({ identifier }) =>
        identifier.some(({ type }) => type?.coding[0]!.code === 'RPPS'),
      ),
    );
    const one = firstWith('Practitioner', 'qualification');
    const { system, code } = (
      one['qualification'] as [{ code: { coding: [{ system: string; code: string }] } }]
    ).at(-1)!.code.coding[0];
    const holds = (resource: Resource, whole: boolean): boolean =>
      ((resource['qualification'] ?? []) as { code: { coding: { system: string; code: string }[] } }[]).some(
        (each) =>
          each.code.coding.some((coding) => coding.code === code && (!whole || coding.system === system)),
      );
    expect(await found(`Practitioner?qualification-code=${code}`)).toEqual(
      where('Practitioner', (each) => holds(each, false)),
    );
    expect(await found(`Practitioner?qualification-code=${encodeURIComponent(`${system}|${code}`)}`)).toEqual(
      where('Practitioner', (each) => holds(each, true)),
    );
  });

  it('has parameters for smart cards that nobody in public data carries', async () => {
    expect(await found('Practitioner?number-smartcard=1')).toEqual([]);
    expect(await found('Practitioner?type-smartcard=CPS')).toEqual([]);
  });
});

describe('Organization', () => {
  const addressOf = (one: Resource) =>
    (one['address'] as [{ city: string; postalCode: string; line: string[] }] | undefined)?.[0];

  it('is found by name, and by two names at once or either', async () => {
    const { name } = firstWith('Organization', 'name') as unknown as { name: string };
    const [first, last] = [name.slice(0, 4), name.slice(-3)];
    const names = (one: Resource): string[] =>
      [one['name'], ...((one['alias'] ?? []) as string[])].filter((each) => each !== undefined) as string[];
    const has = (part: string) => (one: Resource) =>
      names(one).some((each) => plain(each).includes(plain(part)));
    const query = (text: string): string => encodeURIComponent(text);
    expect(await found(`Organization?name=${query(first)}`)).toEqual(
      where('Organization', (one) => names(one).some((each) => plain(each).startsWith(plain(first)))),
    );
    expect(await found(`Organization?name:contains=${query(first)}&name:contains=${query(last)}`)).toEqual(
      where('Organization', (one) => has(first)(one) && has(last)(one)),
    );
    expect(await found(`Organization?name:contains=${query(`${first},${last}`)}`)).toEqual(
      where('Organization', (one) => has(first)(one) || has(last)(one)),
    );
    expect(await found(`Organization?name:exact=${query(name)}`)).toContain(
      firstWith('Organization', 'name').id,
    );
  });

  it('is found by address, city, postal code, country', async () => {
    const { city, postalCode } = addressOf(firstWith('Organization', 'address'))!;
    expect(await found(`Organization?address-city=${encodeURIComponent(city)}`)).toEqual(
      where('Organization', (one) => plain(addressOf(one)?.city ?? '').startsWith(plain(city))),
    );
    expect(await found(`Organization?address-postalcode=${postalCode.slice(0, 2)}`)).toEqual(
      where('Organization', (one) => !!addressOf(one)?.postalCode.startsWith(postalCode.slice(0, 2))),
    );
    expect(await found(`Organization?address:contains=${encodeURIComponent(city)}`)).toEqual(
      expect.arrayContaining(await found(`Organization?address-city=${encodeURIComponent(city)}`)),
    );
    expect(await found('Organization?address-country=FR')).toEqual(
      where('Organization', (one) => !!addressOf(one)),
    );
    expect(await found('Organization?address-state=FR')).toEqual([]);
    expect(await found('Organization?address-use=work')).toEqual([]);
  });

  it('is found by type, of any of its slices, and identifier-type', async () => {
    for (const code of ['GEOGRAPHICAL-ENTITY', 'LEGAL-ENTITY']) {
      expect(await found(`Organization?type=${code}`)).toEqual(
        where('Organization', (one) => codings(one, 'type').some((each) => each.code === code)),
      );
    }
    expect(await found('Organization?identifier-type=FINEG')).toEqual(
      where('Organization', ({ identifier }) =>
        identifier.some(({ type }) => type?.coding[0]!.code === 'FINEG'),
      ),
    );
  });

  it('is found by the structure it is part of, by id, whole reference and chain', async () => {
    const { reference } = firstWith('Organization', 'partOf')['partOf'] as { reference: string };
    const id = reference.split('/')[1]!;
    const parts = where('Organization', (one) => json(one, 'partOf').includes(`/${id}"`));
    const parent = all.Organization.find((one) => one.id === id)!;
    expect(await found(`Organization?partof=${id}`)).toEqual(parts);
    expect(await found(`Organization?partof=${reference}`)).toEqual(parts);
    expect(
      await found(`Organization?partof=${encodeURIComponent(`${emulated.emulator.base}/${reference}`)}`),
    ).toEqual(parts);
    expect(await found(`Organization?partof.identifier=${parent.identifier[0]!.value}`)).toEqual(parts);
  });

  it('has a parameter for licences of pharmacies that public data do not show', async () => {
    expect(await found('Organization?pharmacy-licence=1')).toEqual([]);
  });
});

describe('PractitionerRole, HealthcareService and Device', () => {
  it('are found by their structure or person, by id or chain', async () => {
    for (const [type, element] of [
      ['PractitionerRole', 'organization'],
      ['HealthcareService', 'providedBy'],
      ['Device', 'owner'],
    ] as const) {
      const { reference } = firstWith(type, element)[element] as { reference: string };
      const expected = where(type, (one) => json(one, element).includes(`"${reference}"`));
      expect(await found(`${type}?organization=${reference.split('/')[1]}`)).toEqual(expected);
      const structure = all.Organization.find(({ id }) => id === reference.split('/')[1])!;
      expect(await found(`${type}?organization.identifier=${structure.identifier[0]!.value}`)).toEqual(
        expected,
      );
      expect(await found(`${type}?organization:Organization.name=x`).catch(() => 'refused')).toBe('refused');
    }
    const { reference } = firstWith('PractitionerRole', 'practitioner')['practitioner'] as {
      reference: string;
    };
    expect(await found(`PractitionerRole?practitioner=${reference}`)).toEqual(
      where('PractitionerRole', (one) => json(one, 'practitioner').includes(`"${reference}"`)),
    );
    const person = all.Practitioner.find(({ id }) => id === reference.split('/')[1])!;
    expect(await found(`PractitionerRole?practitioner.identifier=${person.identifier[1]!.value}`)).toEqual(
      await found(`PractitionerRole?practitioner=${reference}`),
    );
  });

  it('are found by their codes', async () => {
    for (const [type, parameter, element] of [
      ['PractitionerRole', 'role', 'code'],
      ['HealthcareService', 'service-type', 'type'],
      ['HealthcareService', 'service-category', 'category'],
      ['HealthcareService', 'characteristic', 'characteristic'],
      ['Device', 'type', 'type'],
    ] as const) {
      const one = all[type].find((each) => codings(each, element).length > 0)!;
      const { system, code } = codings(one, element)[0]!;
      expect(await found(`${type}?${parameter}=${encodeURIComponent(`${system}|${code}`)}`)).toEqual(
        where(type, (each) =>
          codings(each, element).some((found) => found.system === system && found.code === code),
        ),
      );
    }
    expect(await found('Device?status=active')).toEqual(where('Device', ({ status }) => status === 'active'));
    const { manufacturer } = firstWith('Device', 'manufacturer') as unknown as { manufacturer: string };
    expect(await found(`Device?manufacturer=${manufacturer}`)).toEqual(
      where('Device', (one) => one['manufacturer'] === manufacturer),
    );
    expect(await found('Device?model=none')).toEqual([]);
  });
});

describe('what a page carries', () => {
  it('_include and _revinclude bring what is referred to and who refers, each once, not counted in the total', async () => {
    const { body } = await emulated.get(
      '/PractitionerRole?active=true&_count=20&_include=PractitionerRole:practitioner&_include=PractitionerRole:organization',
    );
    const included = body
      .entry!.filter(({ search }) => search.mode === 'include')
      .map(({ resource }) => `${resource.resourceType}/${resource.id}`);
    const referred = new Set(
      rowsOf(body)
        .flatMap((one) => [one['practitioner'], one['organization']])
        .flatMap((one) => (one as { reference?: string } | undefined)?.reference ?? []),
    );
    expect(included.sort()).toEqual([...referred].sort());
    expect(rowsOf(body)).toHaveLength(20);
    const structure = (
      firstWith('PractitionerRole', 'organization')['organization'] as { reference: string }
    ).reference.split('/')[1]!;
    const { body: backwards } = await emulated.get(
      `/Organization?_id=${structure}&_revinclude=PractitionerRole:organization&_revinclude=*`,
    );
    const roles = backwards
      .entry!.filter(({ resource }) => resource.resourceType === 'PractitionerRole')
      .map(({ resource }) => resource);
    expect(ids(roles)).toEqual(
      where('PractitionerRole', (one) => json(one, 'organization').includes(`/${structure}"`)),
    );
    expect(backwards.total).toBe(1);
  });

  it('_include:iterate brings the legal entity of the structure of a role', async () => {
    const site = firstWith('Organization', 'partOf');
    const { body } = await emulated.get(
      `/PractitionerRole?organization=${site.id}&_include=PractitionerRole:organization&_include:iterate=Organization:partof`,
    );
    const structures =
      body.entry
        ?.filter(({ resource }) => resource.resourceType === 'Organization')
        .map(({ resource }) => resource.id) ?? [];
    const legal = (site['partOf'] as { reference: string }).reference.split('/')[1];
    if (rowsOf(body).length) expect(structures.sort()).toEqual([site.id, legal].sort());
    else expect(structures).toEqual([]);
  });

  it('_elements leaves what was asked and what is mandatory, tagged SUBSETTED', async () => {
    const { body } = await emulated.get('/Practitioner?_elements=name&active=true&_count=1');
    const [one] = rowsOf(body) as [Resource];
    expect(Object.keys(one).sort()).toEqual(['active', 'id', 'identifier', 'meta', 'name', 'resourceType']);
    expect(one.meta.tag).toMatchObject([{ code: 'SUBSETTED' }]);
  });

  it('_count gives that many rows, 50 without it, and only the total for 0', async () => {
    expect(rowsOf((await emulated.get('/PractitionerRole')).body)).toHaveLength(50);
    expect(rowsOf((await emulated.get('/PractitionerRole?_count=7')).body)).toHaveLength(7);
    const { body } = await emulated.get('/PractitionerRole?_count=0');
    expect([body.entry, body.total, nextOf(body)]).toEqual([
      undefined,
      all.PractitionerRole.length,
      undefined,
    ]);
  });

  it('_total is accurate, estimated or left out; by default told where counting is cheap', async () => {
    const total = async (query: string) => (await emulated.get(`/${query}`)).body.total;
    expect(await total('PractitionerRole?_total=accurate')).toBe(all.PractitionerRole.length);
    expect(await total('PractitionerRole?_total=none')).toBeUndefined();
    expect(await total('PractitionerRole')).toBe(all.PractitionerRole.length);
    expect(await total('PractitionerRole?_total=estimate')).toBe(
      Number(all.PractitionerRole.length.toPrecision(2)),
    );
    expect(await total('Organization?name:contains=e')).toBeUndefined();
    expect(await total('Organization?name:contains=e&_total=accurate')).toBe(
      (await found('Organization?name:contains=e')).length,
    );
  });
});

describe('what the API does not know', () => {
  it.each([
    ['Practitioner?foo=1', /Unknown search parameter "foo".*Valid search parameters/],
    ['PractitionerRole?specialty=x', /Unknown search parameter/],
    ['Practitioner?_sort=family', /Unknown search parameter/],
    ['Practitioner?_has:PractitionerRole:practitioner:role=x', /Unknown search parameter/],
    ['Organization?name:missing=true', /modifier/],
    ['Organization?identifier:exact=1', /modifier/],
    ['Organization?_include=Organization:endpoint', /Valid values are/],
    ['Practitioner?_revinclude=Device:organization', /Valid values are/],
    ['Practitioner?_total=perhaps', /Valid values are/],
    ['Practitioner?_count=-1', /whole number/],
    ['Practitioner?active=perhaps', /true, false/],
    ['Practitioner?family=', /no value/],
    ['Practitioner?_format=xml', /JSON/],
    ['PractitionerRole?organization.partof.name=x', /chain/],
  ])('refuses %s', async (query, told) => {
    expect(await refused(query)).toMatch(told);
  });

  it('never says again what a parameter was given', async () => {
    expect(await refused(`Practitioner?${encodeURIComponent('<script>')}=1`)).not.toContain('script');
  });

  it('bounds values and conditions', async () => {
    await refused(`Practitioner?identifier=${Array.from({ length: 501 }, (_, n) => n).join(',')}`);
    expect(
      (await emulated.get(`/Practitioner?identifier=${Array.from({ length: 500 }, (_, n) => n).join(',')}`))
        .status,
    ).toBe(200);
    await refused(`Practitioner?${Array.from({ length: 51 }, () => 'family=x').join('&')}`);
  });
});
