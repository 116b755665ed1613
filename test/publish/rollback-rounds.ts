/** Twenty edits, each applied, then back to one of them: the same story for every kind of server. */
import { expect } from '@jest/globals';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import { planRollback, rollback } from '../../src/publish/rollback.ts';
import { tenant, type World } from '../delivery/world.ts';
import { seeded } from '../reliability/random.ts';
import { contentAt, editOnce, type Files, inUse } from './edits.ts';
import { publishParts } from './networks.ts';

const scope = { tenant, actor: 'essai' };

/** Plays the edits; `seed` stands in the failure. */
export async function editAndReturn(world: World, files: Files, edits: number, seed: number): Promise<void> {
  const random = seeded(seed);
  const parts = publishParts(world);
  const servers = [...world.servers.keys()];
  const states: { run: string; content: Map<string, Map<string, string>> }[] = [];
  const told: string[] = [`seed ${seed}`];
  const content = async () => {
    const all = servers.map(async (id) => [id, await contentAt(world, id)] as const);
    return new Map(await Promise.all(all));
  };
  const publish = async () => {
    const applied = await apply(parts, scope, await files.load(world), { confirm: true });
    const open = applied.servers.filter(({ parked, waiting }) => parked + waiting > 0);
    expect({ told, open }).toEqual({ told, open: [] });
    states.push({ run: applied.run, content: await content() });
  };
  await publish();
  for (let round = 1; round <= edits; round += 1) {
    told.push(await editOnce(files, round, random));
    await publish();
  }

  const before = await content();
  const shown = (state: Map<string, Map<string, string>>) => servers.map((id) => inUse(state.get(id)!));
  const now = JSON.stringify(shown(before));
  const others = states.flatMap((state, index) =>
    JSON.stringify(shown(state.content)) === now ? [] : [index],
  );
  const chosen = others[random.below(others.length)]!;
  const target = states[chosen]!;
  const undone = states[chosen + 1]!.run;
  const asked = { run: undone, confirm: true };
  const planned = await planRollback(parts, tenant, await files.load(world), asked);
  const back = await rollback(parts, scope, await files.load(world), asked);
  expect(back.plan.id).toBe(planned.id);
  expect(back.servers.filter(({ parked, waiting }) => parked + waiting > 0)).toEqual([]);
  const after = await content();
  for (const id of servers) {
    expect({ told, content: inUse(after.get(id)!) }).toEqual({
      told,
      content: inUse(target.content.get(id)!),
    });
    // What the undone runs created is out of use, not gone.
    const created = [...before.get(id)!.keys()].filter((name) => !target.content.get(id)!.has(name));
    expect(created.map((name) => after.get(id)!.get(name))).toEqual(created.map(() => 'inactive'));
  }

  // The next publication leaves it so, and a plan says what the files say otherwise.
  const next = await apply(parts, scope, await files.load(world), { confirm: true });
  expect(next.servers.map(({ written }) => written)).toEqual(servers.map(() => 0));
  expect(next.plan.held.length).toBeGreaterThan(0);
  expect(next.plan.held.some(({ differences }) => differences!.length > 0)).toBe(true);

  // The roll back is a run like another: undone, it gives back what was before it.
  await rollback(parts, scope, await files.load(world), { run: back.run, confirm: true });
  const again = await content();
  for (const id of servers)
    expect({ told, content: inUse(again.get(id)!) }).toEqual({ told, content: inUse(before.get(id)!) });

  // Released, the networks follow their files.
  const held = (await plan(parts, tenant, await files.load(world))).held.map(({ network }) => network);
  await apply(parts, scope, await files.load(world), { confirm: true, release: held });
  const free = await plan(parts, tenant, await files.load(world));
  expect(free.held).toEqual([]);
  expect(free.servers.flatMap(({ changes }) => changes)).toEqual([]);
}
