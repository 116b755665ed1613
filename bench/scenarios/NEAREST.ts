/** NEAREST: the ten nearest roles of a profession around a commune, in a held directory of a million roles. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { nearestOffers } from '../../src/directory/nearest/nearest.ts';
import { type Places, placesOf } from '../../src/directory/nearest/places.ts';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { communes, fillRoles, professions, speciality } from '../directory/fill-roles.ts';
import type { Scenario } from '../scenario.ts';

const id = 'NEAREST';
const limit = 10;
const within = 100;

type Question = { commune: string; profession: string; codes?: string[] };
/** What the gateway keeps in memory between two runs of the directory. */
type Index = { places: Places; offered: Map<string, ReadonlySet<string>> };

export const scenario: Scenario = {
  async run({ quick }) {
    const roles = quick ? 100_000 : 1_000_000;
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
    const postgres = await startEmbedded(folder, createLog('error'));
    const store = openStore(postgres.url, 2);
    const client = new pg.Client({ connectionString: postgres.url });
    try {
      await migrate(store.db);
      await fillRoles(store, roles);
      await client.connect();
      const index: Index = { places: placesOf(await store.directoryNearest.places()), offered: new Map() };
      for (const code of professions) {
        index.offered.set(code, new Set(await store.directoryNearest.communesOf(code)));
        const rare = await store.directoryNearest.communesOf(code, [speciality]);
        index.offered.set(`${code} ${speciality}`, new Set(rare));
      }
      const rounds = quick ? 3 : 7;
      const asked = quick ? 200 : 1000;
      const [ours, median, peer, trip]: number[][] = [[], [], [], []];
      await pass(store, index, questions(0, asked)); // warm-up
      for (let round = 1; round <= rounds; round += 1) {
        const took = await pass(store, index, questions(round, asked));
        ours!.push(percentile(took, 99));
        median!.push(percentile(took, 50));
        const naive = await slowly(client, questions(round, quick ? 3 : 5));
        peer!.push(percentile(naive, 99));
        trip!.push(percentile(await roundTrips(client, asked), 99));
      }
      await sameAnswers(store, index, client, questions(99, 10));
      const what = `ten nearest of a profession, ${roles.toLocaleString('en')} roles`;
      const name = 'haversine over all roles of the profession, sorted, in SQL';
      return [
        {
          ...{ id, what: `${what}, p99`, unit: 'ms', values: ours!, warmUp: 1, goal: { atMost: 10 } },
          peer: { name, values: peer! },
          limit: { name: 'select 1, p99', values: trip! },
          note: `${asked} searches a round, a third of them for a rare speciality`,
        },
        { ...{ id, what: `${what}, median`, unit: 'ms', values: median!, warmUp: 1 } },
      ];
    } finally {
      await client.end();
      await store.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** The same questions for the same round: a small generator of its own. */
function questions(round: number, count: number): Question[] {
  let state = 7919 * (round + 1);
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  return Array.from({ length: count }, (_, index) => ({
    commune: String(next(communes)).padStart(5, '0'),
    profession: professions[next(professions.length)]!,
    ...(index % 3 === 0 ? { codes: [speciality] } : {}),
  }));
}

function search(store: Store, { places, offered }: Index, commune: string, rest: Omit<Question, 'commune'>) {
  const [from, there] = [
    places.at(commune)!,
    offered.get([rest.profession, ...(rest.codes ?? [])].join(' '))!,
  ];
  return nearestOffers(store, places, { from, within, limit, offered: there, ...rest });
}

async function pass(store: Store, index: Index, asked: readonly Question[]): Promise<number[]> {
  const took: number[] = [];
  for (const { commune, ...rest } of asked) {
    const start = performance.now();
    await search(store, index, commune, rest);
    took.push(performance.now() - start);
  }
  return took;
}

/** What no answer out of the database can beat, on this machine in this minute. */
async function roundTrips(client: pg.Client, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const start = performance.now();
    await client.query('select 1');
    took.push(performance.now() - start);
  }
  return took;
}

async function slowly(client: pg.Client, asked: readonly Question[]): Promise<number[]> {
  const took: number[] = [];
  for (const question of asked) {
    const start = performance.now();
    await naive(client, question);
    took.push(performance.now() - start);
  }
  return took;
}

async function naive(client: pg.Client, { commune, profession, codes }: Question): Promise<number[]> {
  const { rows } = await client.query<{ km: number }>(
    `select 2 * 6371.0088 * asin(least(1, sqrt(sin(radians(p.lat - f.lat) / 2) ^ 2
       + cos(radians(p.lat)) * cos(radians(f.lat)) * sin(radians(p.lon - f.lon) / 2) ^ 2))) as km
     from directory_record r
     join directory_place p on p.commune = r.commune
     join directory_place f on f.commune = $1
     join directory_record o on o.kind = 'Practitioner' and o.key = r.practitioner and o.state = 'active'
     where r.kind = 'PractitionerRole' and r.state = 'active' and r.profession = $2 ${codes ? 'and r.codes && $3' : ''}
     order by km limit ${limit}`,
    [commune, profession, ...(codes ? [codes] : [])],
  );
  return rows.map(({ km }) => km);
}

/** A figure for a wrong answer would be worth nothing: both find the same distances. */
async function sameAnswers(
  store: Store,
  index: Index,
  client: pg.Client,
  asked: readonly Question[],
): Promise<void> {
  for (const question of asked) {
    const { commune, ...rest } = question;
    const offers = await search(store, index, commune, rest);
    const other = (await naive(client, question)).filter((km) => km <= within);
    const differ =
      offers.length !== other.length || offers.some(({ km }, index) => Math.abs(km - other[index]!) > 0.01);
    if (differ) throw new Error(`other distances for ${JSON.stringify(question)}`);
  }
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}
