import { afterEach, describe, expect, it } from '@jest/globals';
import { printPlan } from '../../src/cli/print-plan.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { apply } from '../../src/publish/apply.ts';
import { earlierState } from '../../src/publish/earlier-state.ts';
import { plan } from '../../src/publish/plan.ts';
import { rollback } from '../../src/publish/rollback.ts';
import { withBodies } from '../../src/publish/stated.ts';
import type { DeployedResource } from '../../src/store/deployed.ts';
import { openWorld, tenant, type World } from '../delivery/world.ts';
import { network, publishParts } from './networks.ts';

let world: World;
afterEach(async () => world.close());

const scope = { tenant, actor: 'essai' };
const many = Array.from({ length: 20 }, (_, index) => `7800000${10 + index}`);

describe('the state that a roll back gives back', () => {
  it('is known by hash but for what changed since, and read in pages when it is kept', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b' }] });
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', many, 'un'), network('n2', ['780000001'])]);
    const { run } = await apply(parts, scope, [network('n1', many, 'deux'), network('n2', ['780000001'])]);
    const [made] = await world.store.runs.startingWith(tenant, run);
    const servers = ['a', 'b'];
    const state = await earlierState(world.store, tenant, made!, { after: false, servers, all: servers });
    expect([...state.networks]).toEqual(['n1']);
    expect(state.resources).toHaveLength(2 * (2 + 2 * many.length));
    const bodies = state.resources.filter(({ body }) => body !== undefined);
    expect(bodies.map(({ serverId, key, body }) => [serverId, key, body!['name']])).toEqual(
      servers.map((id) => [id, `${networkSystem}|n1`, 'un']),
    );
    const whole = (await Array.fromAsync(withBodies(world.store, tenant, state.resources))).flat();
    expect(whole).toHaveLength(state.resources.length);
    const [copy] = whole.filter(({ class: kind }) => kind === 'directory-copy');
    await world.store.deployed.put([
      { ...(await row(copy!.key)), hash: 'autre', body: { ...copy!.body, alias: ['autre'] } },
    ]);
    const later = Array.fromAsync(withBodies(world.store, tenant, state.resources));
    await expect(later).rejects.toMatchObject({ category: 'conflict' });
  });

  it('is told server by server where it is not the same at each', async () => {
    world = await openWorld({ servers: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
    const parts = publishParts(world);
    await apply(parts, scope, [network('n1', [], 'un')]);
    const wanted = [network('n1', [], 'deux')];
    const { run } = await apply(parts, scope, wanted);
    await rollback(parts, scope, wanted, { run, server: 'a' });
    const one = await plan(parts, tenant, wanted);
    expect(one.held[0]!.differences!).toMatchObject([{ server: 'a', op: 'update' }]);
    expect(lines(one)).toContain('  chez a :');
    await rollback(parts, scope, wanted, { run });
    const all = await plan(parts, tenant, wanted);
    expect(all.held[0]!.differences!.map(({ server }) => server)).toEqual(['a', 'b', 'c']);
    expect(lines(all).filter((line) => line.includes('n1.yaml') || line.includes('chez'))).toHaveLength(3);
    expect(lines(all)).toContain('  chez a, b, c :');
  });
});

async function row(key: string): Promise<DeployedResource> {
  const rows = await world.store.deployed.find(['*'], 'a', [{ type: 'Organization', key }]);
  return rows[0]!;
}

function lines(made: Awaited<ReturnType<typeof plan>>): string[] {
  const told: string[] = [];
  const line = (text = '') => void told.push(text);
  printPlan(made, { line, note: line, error: line, progress: line, json: () => undefined });
  return told;
}
