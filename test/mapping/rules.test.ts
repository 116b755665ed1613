import { describe, expect, it } from '@jest/globals';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { elements, mapping, record, written } from './inline.ts';

describe('a rule', () => {
  it('writes constants, with the canonical base filled in', () => {
    const compiled = elements("      active: true\n      implicit: '{$base}/x'");
    expect(written(compiled, 'id: a')).toEqual({
      active: true,
      implicit: 'https://passerelle.example/fhir/x',
    });
  });

  it('reads paths of the record and of loop items', () => {
    const compiled = elements(`      name: { $path: deep.name }
      alias:
        - { $for: others, $as: other, $path: other.name }
      contact:
        - { $for: others, $as: other, name: { text: { $path: other.name } } }`);
    expect(written(compiled, 'id: a\ndeep: { name: N }\nothers: [{ name: X }, {}, { name: Y }]')).toEqual({
      name: 'N',
      alias: ['X', 'Y'],
      contact: [{ name: { text: 'X' } }, { name: { text: 'Y' } }],
    });
  });

  it('writes nothing for what is absent or empty', () => {
    const compiled = elements(`      name: { $path: name }
      alias: [{ $path: alias }]
      telecom: [{ system: phone, value: { $path: phone } }]
      partOf: { display: { $template: '{name}, {city}' } }`);
    expect(written(compiled, "id: a\nname: ''\nalias: []\nphone: null\ncity: C")).toEqual({});
  });

  it('leaves out an object whose rules yield nothing, constants or not', () => {
    const compiled = elements('      address: [{ country: FR, city: { $path: city } }]');
    expect(written(compiled, 'id: a')).toEqual({});
    expect(written(compiled, 'id: a\ncity: Lyon')).toEqual({ address: [{ country: 'FR', city: 'Lyon' }] });
  });

  it('keeps false and zero', () => {
    const compiled = elements('      active: { $path: open }\n      rank: { $path: rank }');
    expect(written(compiled, 'id: a\nopen: false\nrank: 0')).toEqual({ active: false, rank: 0 });
  });

  it('writes the bare code of a word where R4 wants nothing else', () => {
    const compiled = elements('      days: [{ $path: colours, $code: colour }]');
    expect(written(compiled, 'id: a\ncolours: [blue, red]')).toEqual({ days: ['b', 'r'] });
  });

  it('turns values into concepts and codings by a code table, lists item by item', () => {
    const compiled = elements(`      type: [{ $path: colours, $concept: colour }]
      code: { $path: first, $coding: colour }`);
    expect(written(compiled, 'id: a\ncolours: [blue, grey]\nfirst: blue')).toEqual({
      type: [
        {
          coding: [
            { system: 'urn:colours', code: 'b' },
            { system: 'urn:others', code: 'bb' },
          ],
        },
        { text: 'Gris' },
      ],
      code: { system: 'urn:colours', code: 'b' },
    });
  });

  it('takes the first expression that has a value', () => {
    const compiled = elements(`      status:
        $first:
          - { $value: old, $when: { exists: end } }
          - { $path: status }
          - new`);
    expect(written(compiled, 'id: a')).toEqual({ status: 'new' });
    expect(written(compiled, 'id: a\nstatus: mine')).toEqual({ status: 'mine' });
    expect(written(compiled, 'id: a\nend: 2020\nstatus: mine')).toEqual({ status: 'old' });
  });

  it('obeys conditions: is, in, exists, not, all, any', () => {
    const compiled = elements(`      one: { $value: 1, $when: { path: role, is: lead } }
      two: { $value: 2, $when: { path: role, is: [lead, member] } }
      three: { $value: 3, $when: { not: { exists: end } } }
      four: { $value: 4, $when: { all: [{ exists: role }, { exists: end }] } }
      five: { $value: 5, $when: { any: [{ exists: nothing }, { path: role, is: member }] } }
      six: { seven: { $path: role }, $when: { exists: end } }
      eight: { $value: 8, $when: { path: role, in: roles } }`);
    expect(written(compiled, 'id: a\nrole: member')).toEqual({ two: 2, three: 3, five: 5 });
    expect(written(compiled, 'id: a\nrole: lead\nend: x')).toEqual({
      one: 1,
      two: 2,
      four: 4,
      six: { seven: 'lead' },
    });
    expect(written(compiled, 'id: a\nrole: lead\nroles: [other, lead]')).toMatchObject({ eight: 8 });
    expect(written(compiled, 'id: a\nrole: guest\nroles: [other, lead]')).not.toHaveProperty('eight');
    expect(written(compiled, 'id: a\nroles: [other]')).not.toHaveProperty('eight');
  });

  it('tells on the day of the run whether a period is in force, both ends included', () => {
    const compiled = elements('      active: { $current: { start: from, end: to } }');
    const active = (source: string, at: string): unknown =>
      written(compiled, `id: a\n${source}`, { at })['active'];
    expect(active('', '2026-01-01')).toBe(true);
    expect(active('from: 2026-01-01', '2025-12-31')).toBe(false);
    expect(active('from: 2026-01-01', '2026-01-01')).toBe(true);
    expect(active('to: 2026-01-01', '2026-01-01')).toBe(true);
    expect(active('to: 2026-01-01', '2026-01-02')).toBe(false);
    expect(active("from: '2026'\nto: '2026-03'", '2026-03-31')).toBe(true);
    expect(active("to: '2026-03'", '2026-04-01')).toBe(false);
  });
});

describe('a reference', () => {
  const compiled = mapping(`kind: test
resources:
  network:
    type: Organization
    class: owned
    key: '{id}'
    profile: pas-network-organization
    elements: { endpoint: [{ $reference: member, $id: chosen }] }
  member:
    type: Organization
    class: directory-copy
    forEach: members
    as: member
    id: member.id
    when: { exists: member.number }
    key: { system: 'urn:numbers', value: '{member.number}' }
    profile: pas-establishment
    elements: { name: { $path: member.name }, partOf: { $reference: network } }`);
  const map = (source: string): ReturnType<typeof mapRecord> =>
    mapRecord(compiled, record(source), { at: '2026-11-22' });

  it('is a conditional reference by the business key, in both directions', () => {
    const { resources, issues } = map("id: a\nchosen: [x]\nmembers: [{ id: x, number: 'n 1', name: X }]");
    expect(issues).toEqual([]);
    expect(resources[0]?.body['endpoint']).toEqual([
      { reference: 'Organization?identifier=urn%3Anumbers|n%201' },
    ]);
    expect(resources[1]?.body['partOf']).toEqual({
      reference: 'Organization?identifier=https%3A%2F%2Fpasserelle.example%2Ffhir%2Fnetwork|a',
    });
  });

  it('without a target is an issue at the line that names it, and is not written', () => {
    const { resources, issues } = map('id: a\nchosen:\n  - x\n  - y\nmembers:\n  - { id: y, name: Y }');
    expect(resources.map((one) => one.body['endpoint'])).toEqual([undefined]);
    expect(issues).toEqual([
      expect.objectContaining({
        message: "Référence sans cible : member « x » n'est pas publié.",
        source: { file: 'record.yaml', line: 3, column: 5 },
        rule: 'mapping.yaml:8',
      }),
      expect.objectContaining({ source: { file: 'record.yaml', line: 4, column: 5 } }),
    ]);
  });

  it('to a directory copy given twice alike finds the one that is kept, without a word', () => {
    const { resources, issues } = map(
      "id: a\nchosen: [x, y]\nmembers:\n  - { id: x, number: '1', name: N }\n  - { id: y, number: '1', name: N }",
    );
    expect(resources).toHaveLength(2);
    expect(issues).toEqual([]);
  });

  it('never lets two contents under one key merge: the second is an error', () => {
    const { resources, issues } = map(
      "id: a\nmembers:\n  - { id: x, number: '1', name: N }\n  - { id: y, number: '1', name: M }",
    );
    expect(resources.map((one) => one.body['name'])).toEqual([undefined, 'N']);
    expect(issues.map((issue) => [issue.severity, issue.code, issue.source?.line])).toEqual([
      ['error', 'duplicate', 4],
    ]);
  });
});

describe('a record at fault', () => {
  it('with a value outside its code table is told so with file, line and column', () => {
    const compiled = elements('      type: [{ $path: colours, $concept: colour }]');
    const { issues } = mapRecord(compiled, record('id: a\ncolours:\n  - red\n  - green'), {
      at: '2026-11-22',
    });
    expect(issues).toEqual([
      {
        severity: 'error',
        code: 'code-invalid',
        message: "« green » n'est pas dans la table de codes « colour » ; valeurs connues : red, blue, grey.",
        source: { file: 'record.yaml', line: 4, column: 5 },
        rule: 'mapping.yaml:9',
      },
    ]);
  });

  it('with a value that a transform refuses is told so without repeating the value', () => {
    const compiled = elements('      birthDate: { $path: date, $transform: date }');
    const { issues } = mapRecord(compiled, record("id: a\ndate: '2026-02-30'"), { at: '2026-11-22' });
    expect(issues.map((issue) => [issue.message, issue.source?.line])).toEqual([
      ['Cette valeur ne convient pas (« date » attendu).', 2],
    ]);
  });

  it('without the key of a resource publishes nothing of it', () => {
    const { resources, issues } = mapRecord(elements('      active: true'), record('name: a'), {
      at: '2026-11-22',
    });
    expect(resources).toEqual([]);
    expect(issues.map((issue) => issue.code)).toEqual(['required']);
  });

  it('with an object where a simple value is expected is told so, and nothing of it is written', () => {
    const compiled = elements('      name: { $path: name }');
    const { resources, issues } = mapRecord(compiled, record('id: a\nname: { first: N }'), {
      at: '2026-11-22',
    });
    expect(resources[0]?.body['name']).toBeUndefined();
    expect(issues.map((issue) => [issue.message, issue.source?.line])).toEqual([
      ['Une valeur simple est attendue.', 2],
    ]);
  });

  it('with something else where a list is expected is told so', () => {
    const compiled = elements('      alias: [{ $for: names, $as: name, $path: name.text }]');
    const { issues } = mapRecord(compiled, record('id: a\nnames: { text: x }'), { at: '2026-11-22' });
    expect(issues.map((issue) => issue.message)).toEqual(['Une liste est attendue (names).']);
  });

  it('whose lists multiply beyond measure is told so instead of being mapped for hours', () => {
    const compiled = elements(`      contact:
        - $for: names
          $as: a
          address: [{ $for: names, $as: b, line: [{ $for: names, $as: c, $path: c.text }] }]`);
    const names = Array.from({ length: 200 }, (_, index) => `{ text: n${index} }`).join(', ');
    const { issues } = mapRecord(compiled, record(`id: a\nnames: [${names}]`), { at: '2026-11-22' });
    expect(new Set(issues.map(({ code }) => code))).toEqual(new Set(['too-costly']));
    expect(issues).toHaveLength(1);
  });
});
