/** Where stories are played under faults: two hospitals, a way to each that can fail, one gateway that is kept running. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startHospital } from '../../../src/sandbox/hospital.ts';
import { startHapi } from '../../hapi/start.ts';
import { both } from '../both.ts';
import { type FaultProxy, startFaultProxy } from '../proxy/fault-proxy.ts';
import { type HospitalAt, makeSite, type Site } from '../site.ts';
import { type Actors, actorsOf } from './story/actors.ts';
import type { FaultRunsOptions } from './fault-runs.ts';
import type { Places } from './judge/judged.ts';
import { keepGateway, type Keeper } from './keeper.ts';
import { storyTable } from './story/story-table.ts';

export type Ground = {
  site: Site;
  keeper: Keeper;
  actors: Actors;
  ways: Record<'psychiatrie' | 'ville', FaultProxy>;
};

/** Starts everything and publishes the networks of the stories; what must be ended goes to `endings`, in the order of its start. */
export async function prepareGround(
  { hospitals: kind, ids: villeIds = 'server' }: Pick<FaultRunsOptions, 'hospitals' | 'ids'>,
  stories: readonly string[],
  endings: (() => Promise<unknown>)[],
): Promise<Ground> {
  const start = async (ids: HospitalAt['ids']): Promise<{ at: HospitalAt; way: FaultProxy }> => {
    const hospital = await (kind === 'hapi'
      ? startHapi({ args: ids === 'server' ? ['--id-strategy=none'] : [] })
      : startHospital({ name: ids, ids }));
    endings.push(() => ('stop' in hospital ? hospital.stop() : hospital.close()));
    const way = await startFaultProxy(hospital.base);
    endings.push(() => way.close());
    return { at: { base: hospital.base, ids, via: way.base }, way };
  };
  const [psychiatrie, ville] = await both(start('client'), start(villeIds));
  const lines = stories.map((name) => storyTable[name]!);
  const copies = lines
    .flatMap((line) => line.copies ?? [])
    .map((one) => ({ ...one, file: `${one.id}.yaml` }));
  const answerMs = kind === 'hapi' ? 4_000 : 1_000;
  const site = await makeSite({
    ...{ psychiatrie: psychiatrie.at, ville: ville.at },
    timeouts: { connectMs: 500, answerMs, totalMs: 2 * answerMs },
    homes: {
      psychiatrie: [...new Set(lines.flatMap(({ homes }) => homes.psychiatrie))],
      ville: [...new Set(lines.flatMap(({ homes }) => homes.ville))],
    },
    published: [
      ...new Set([...lines.flatMap(({ networks }) => networks), ...copies.map(({ file }) => file)]),
    ],
    schedules: [{ job: 'follow', cron: '0 3 * * *' }],
  });
  endings.push(() => site.remove());
  for (const { of, id, file } of copies) await copyNetwork(site.networks, of, id, file);
  const keeper = keepGateway(site);
  endings.push(() => keeper.stop());
  const actors = actorsOf(site, keeper);
  await site.ask(await keeper.address(), 'apply', { confirm: true });
  return { site, keeper, actors, ways: { psychiatrie: psychiatrie.way, ville: ville.way } };
}

async function copyNetwork(folder: string, of: string, id: string, file: string): Promise<void> {
  const model = parse(await readFile(join(folder, of), 'utf8')) as object;
  await writeFile(join(folder, file), stringify({ ...model, id, name: `Réseau ${id}` }));
}

/** Where what happened there is read. */
export function placesOf({ site, actors }: Ground): Places {
  return { ...site.hospitals, gateway: actors.fulfiller };
}
