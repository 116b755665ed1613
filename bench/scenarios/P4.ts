/** P4: resources a second that the mapping engine makes, beside jsonata and a program written for the purpose. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { compile, mapByEngine, readDefinition, tablesOf } from '../mapping/engine.ts';
import { mapByHand } from '../mapping/by-hand.ts';
import { mapByJsonata } from '../mapping/by-jsonata.ts';
import { corpusName, recordOf, sitesOf } from '../mapping/corpus.ts';
import { paceOf } from '../pace.ts';
import type { Measure } from '../row.ts';
import type { Scenario } from '../scenario.ts';
import { median } from '../statistics.ts';

const leastBytes = 1400;

export const scenario: Scenario = {
  async run({ quick }) {
    const networks = sitesOf(50);
    const records = networks.map(recordOf);
    const count = networks.flat().length;
    const definition = readDefinition();
    const cold = coldCompile(quick ? 3 : 7);
    const mapping = compile(definition);
    const byHand = mapByHand(tablesOf(definition));
    const byJsonata = mapByJsonata(tablesOf(definition));

    const ours = records.flatMap((record) => mapByEngine(mapping, record));
    const bytes = median(ours.map(({ body }) => Buffer.byteLength(JSON.stringify(body))));
    if (bytes < leastBytes) throw new Error(`median output ${bytes} bytes, at least ${leastBytes} wanted`);
    const written = ours.map(({ type, key, body }) => ({ type, key, body }));
    const hand = networks.flatMap((sites) => byHand(sites));
    const other = (await Promise.all(networks.map((sites) => byJsonata(sites)))).flat();
    const plain = (all: unknown): unknown => JSON.parse(JSON.stringify(all));
    if (!isDeepStrictEqual(plain(written), plain(hand))) throw new Error('written by hand: another output');
    if (!isDeepStrictEqual(plain(written), plain(other))) throw new Error('jsonata: another output');

    const window = quick ? 250 : 1000;
    const few = networks.slice(0, 10);
    const round = {
      ours: () => paceOf(() => records.map((record) => mapByEngine(mapping, record)), count, window),
      hand: () => paceOf(() => networks.map((sites) => byHand(sites)), count, window),
      jsonata: () =>
        paceOf(() => Promise.all(few.map((sites) => byJsonata(sites))), few.flat().length, window),
      limit: () => paceOf(() => ours.map(({ body }) => JSON.stringify(body)), count, window),
    };
    const paces = { ours: [], hand: [], jsonata: [], limit: [] } as Record<keyof typeof round, number[]>;
    const warmUp = 2;
    for (let n = 0; n < warmUp + (quick ? 5 : 9); n += 1) {
      for (const name of Object.keys(round) as (keyof typeof round)[]) {
        const pace = await round[name]();
        if (n >= warmUp) paces[name].push(pace);
      }
    }
    const over = (peer: readonly number[]): number[] => paces.ours.map((pace, n) => pace / peer[n]!);
    const common = { id: 'P4', warmUp } as const;
    const note = `corpus ${corpusName}, ${count} Organizations, median ${bytes} bytes; a second of processor, garbage collection included; all three outputs equal`;
    const limit = { name: 'JSON.stringify of the output', values: paces.limit };
    const measures: Measure[] = [
      {
        ...{
          ...common,
          what: 'resources mapped',
          unit: '/s',
          values: paces.ours,
          goal: { atLeast: 200_000 },
        },
        ...{ limit, peer: { name: 'jsonata 2.2', values: paces.jsonata }, note },
      },
      {
        ...common,
        what: 'times jsonata, pair by pair',
        unit: '×',
        values: over(paces.jsonata),
        goal: { atLeast: 20 },
      },
      {
        ...{
          ...common,
          what: 'of what is written by hand, pair by pair',
          unit: '×',
          values: over(paces.hand),
        },
        goal: { atLeast: 0.15 },
      },
      { ...common, what: 'resources written by hand', unit: '/s', values: paces.hand },
      {
        ...common,
        what: 'mapping read and compiled, in a fresh process',
        unit: 'ms',
        values: cold,
        warmUp: 0,
      },
    ];
    return measures;
  },
};

function coldCompile(times: number): number[] {
  const file = join(import.meta.dirname, '../mapping/cold.ts');
  return Array.from({ length: times }, () =>
    Number(execFileSync(process.execPath, [file], { encoding: 'utf8' })),
  );
}
