import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../../../schemas/emulator-scenario.schema.json' with { type: 'json' };
import { createPopulation } from '../../../src/sandbox/annuaire/population/population.ts';
import { servedTypes } from '../../../src/sandbox/annuaire/population/types.ts';
import { quirkKinds } from '../../../src/sandbox/annuaire/quirks/names.ts';
import { readScenario } from '../../../src/sandbox/annuaire/scenario/read.ts';
import { emulate } from './emulate.ts';

const read = (text: string) => readScenario(text, 's.yaml', '2026-03-01');
const faults = (text: string): string[] =>
  read(text).issues.map(
    ({ source, message }) => `${source?.file}:${source?.line}:${source?.column} ${message}`,
  );
const ms = (text: string): number => Date.parse(text);
const examples = resolve(import.meta.dirname, '../../../examples/emulator');

describe('the schema of scenarios', () => {
  it('is a JSON Schema', () => {
    expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true);
  });

  it('knows every quirk, type, chance and event that the emulator knows', () => {
    const { $defs } = schema;
    expect($defs.quirk.properties.name.enum).toEqual(Object.keys(quirkKinds));
    expect($defs.quirk.properties.types.items.enum.toSorted()).toEqual([...servedTypes].sort());
    const population = createPopulation({ seed: 1, roles: 10, start: '2026-01-05' });
    expect(Object.keys($defs.content.properties).sort()).toEqual(Object.keys(population.quirks).sort());
    expect(Object.keys($defs.life.properties).sort()).toEqual(Object.keys(population.rates).sort());
    const kinds = $defs.event.oneOf.map((one) => one.properties.kind.const);
    const told = population.advance(
      kinds.map(
        (kind) => ({ kind, type: 'Device', identifier: 'a|b', name: 'x', from: 'a|b', into: 'a|c' }) as never,
      ),
    );
    expect(told.forced + told.unknown).toBe(kinds.length);
  });
});

describe('a scenario', () => {
  it('has a default for everything', () => {
    const { scenario, issues } = read('');
    expect(issues).toEqual([]);
    expect(scenario).toMatchObject({
      ...{ seed: 1, roles: 20_000, start: '2026-03-01', daySeconds: 86_400, windowDays: 30 },
      quotas: { perSecond: 17, perMinute: 1000, retryAfter: false },
      ...{ quirks: [], content: {}, life: {} },
    });
  });

  it('counts days from its start, takes dates and instants; a day in `to` is included', () => {
    const { scenario } = read(
      [
        'start: 2026-01-05',
        'quirks:',
        '  - { name: slow, from: 1, to: 2 }',
        '  - { name: slow, from: 2026-01-06, to: 2026-01-07 }',
        "  - { name: slow, from: '2026-01-06T03:00:00Z', to: '2026-01-06T04:30:00Z' }",
        '  - { name: slow, to: 0 }',
        'days:',
        '  - { day: 3, quirks: [{ name: hang, ms: 5 }], events: [{ kind: reload }], content: { vanish: 1 } }',
        '  - { day: 2026-01-09, life: { move: 0.1 } }',
      ].join('\n'),
    );
    expect(scenario?.quirks).toEqual([
      { name: 'slow', from: ms('2026-01-06'), to: ms('2026-01-08') },
      { name: 'slow', from: ms('2026-01-06'), to: ms('2026-01-08') },
      { name: 'slow', from: ms('2026-01-06T03:00Z'), to: ms('2026-01-06T04:30Z') },
      { name: 'slow', to: ms('2026-01-06') },
      { name: 'hang', ms: 5, from: ms('2026-01-08'), to: ms('2026-01-09') },
    ]);
    expect([...scenario!.days]).toEqual([
      ['2026-01-08', { events: [{ kind: 'reload' }], content: { vanish: 1 } }],
      ['2026-01-09', { events: [], life: { move: 0.1 } }],
    ]);
  });

  it('switches quotas off one by one', () => {
    expect(read('quotas: { perSecond: off }').scenario?.quotas).toEqual({
      perMinute: 1000,
      retryAfter: false,
    });
    expect(read('quotas: { perSecond: off, perMinute: off }').scenario?.quotas).toEqual({
      retryAfter: false,
    });
  });

  it('yields to what the command line says', () => {
    const { scenario } = readScenario('seed: 1\nroles: 10\nstart: 2026-01-05', 's.yaml', '2026-03-01', {
      seed: 2,
      start: '2026-02-01',
    });
    expect(scenario).toMatchObject({ seed: 2, roles: 10, start: '2026-02-01' });
  });

  it('tells every fault at once, with line and column', () => {
    expect(
      faults(
        [
          'seed: -1',
          'role: 5',
          'start: 5 January',
          'quirks:',
          '  - { name: bad-gatway }',
          '  - { rate: 2, name: slow }',
          '  - rate: 0.5',
          'days:',
          '  - day: 1',
          '    events:',
          '      - { kind: explode }',
          '      - { kind: close, identifier: nothing, type: Device }',
          'content: { vanish: often }',
        ].join('\n'),
      ),
    ).toEqual([
      expect.stringMatching(/^s\.yaml:2:1 Champ inconnu : « role »\. Champs possibles : seed, roles/),
      's.yaml:1:1 « seed » : au moins 0.',
      expect.stringMatching(/^s\.yaml:3:1 « start » : forme refusée/),
      expect.stringMatching(/^s\.yaml:13:12 « vanish » : un nombre attendu/),
      expect.stringMatching(
        /^s\.yaml:5:7 Valeur inconnue : « bad-gatway »\. Valeurs possibles : bad-gateway/,
      ),
      's.yaml:6:7 « rate » : au plus 1.',
      's.yaml:7:5 Il manque « name ».',
      expect.stringMatching(
        /^s\.yaml:11:11 Sorte d’événement inconnue\. Sortes possibles : reload, platform/,
      ),
      expect.stringMatching(/^s\.yaml:12:24 « identifier » : forme refusée/),
    ]);
  });

  it('refuses days that do not exist, come twice or before the second, and windows that end before they begin', () => {
    expect(faults('start: 2026-02-30')).toEqual([expect.stringMatching(/^s\.yaml:1:1 .*n’existe pas/)]);
    expect(
      faults(
        'start: 2026-01-05\ndays:\n  - day: 2026-01-05\n  - day: 2026-02-30\n  - day: 1\n  - day: 2026-01-06',
      ),
    ).toEqual(
      [3, 4, 6].map((line) => expect.stringMatching(new RegExp(`^s\\.yaml:${line}:5 « day »`)) as unknown),
    );
    expect(faults('quirks:\n  - { name: slow, from: 5, to: 4 }')).toEqual([
      expect.stringMatching(/^s\.yaml:2:28 « to »/),
    ]);
    expect(faults('quirks:\n  - { name: slow, from: 2026-02-30 }')).toEqual([
      expect.stringMatching(/^s\.yaml:2:19 « from »/),
    ]);
  });

  it('tells a slip of YAML where it is, and gives up on expanding references', () => {
    expect(faults('seed: 1\nseed: 2')).toEqual(['s.yaml:2:1 YAML illisible : DUPLICATE_KEY']);
    expect(faults('quirks: [')).toHaveLength(1);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]`;
    expect(faults(bomb)).toEqual([expect.stringMatching(/renvois YAML/)]);
    expect(faults('- a list')).toEqual(['s.yaml:1:1 L’ensemble : un objet attendu.']);
  });
});

describe('the example scenarios', () => {
  it('are read without fault, and one of them has every quirk on', async () => {
    const names = (await readdir(examples)).filter((name) => name.endsWith('.yaml'));
    expect(names.length).toBeGreaterThanOrEqual(2);
    for (const name of names) {
      const { issues } = readScenario(await readFile(join(examples, name), 'utf8'), name, '2026-03-01');
      expect([name, issues]).toEqual([name, []]);
    }
    const { scenario } = read(await readFile(join(examples, 'every-quirk.yaml'), 'utf8'));
    expect([...new Set(scenario!.quirks.map(({ name }) => name))].sort()).toEqual(
      Object.keys(quirkKinds).sort(),
    );
    expect(Object.keys(scenario!.content).sort()).toEqual(
      Object.keys(schema.$defs.content.properties).sort(),
    );
  });
});

describe('a scenario lived', () => {
  it('makes its events happen on their days, and opens and closes its windows', async () => {
    const { scenario } = read(
      [
        'start: 2026-01-05',
        'quirks: [{ name: bad-gateway, rate: 1, from: 2, to: 2 }]',
        'days:',
        '  - { day: 1, events: [{ kind: reload }] }',
        '  - { day: 3, life: { move: 1 } }',
      ].join('\n'),
    );
    const { quirks, days } = scenario!;
    const emulated = await emulate({ scenario: { quirks, days } });
    try {
      const statuses: number[] = [];
      for (let day = 0; day < 4; day += 1) {
        statuses.push((await emulated.get('/Device?_count=1')).status);
        emulated.emulator.advance(1);
      }
      expect(statuses).toEqual([200, 200, 502, 200]);
      const journal = emulated.emulator.journal();
      expect(journal.map(({ date, day }) => [date, day])).toEqual([
        ['2026-01-06', 1],
        ['2026-01-07', 2],
        ['2026-01-08', 3],
        ['2026-01-09', 4],
      ]);
      expect(journal.map(({ told }) => told.reload)).toEqual([1, 0, 0, 0]);
      expect(journal[0]!.forced).toEqual([{ kind: 'reload' }]);
      expect(journal[2]!.told.move).toBeGreaterThan(50);
    } finally {
      await emulated.emulator.stop();
    }
  });
});
