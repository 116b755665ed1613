/** One story for two servers: what the directory says of the example networks reaches people as findings, and the server. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AnyResource, Identifier } from '../../src/fhir/types.ts';
import { type DirectoryWorld, openDirectoryWorld } from './directory-world.ts';
import { type EmulatedDays, fates, startEmulatedDays } from './emulated-days.ts';

/** Registers the tests; `open` starts the server and answers its base, or undefined for the hospital over memory. */
export function emulatedFindings(open: () => Promise<string | undefined>): void {
  let world: DirectoryWorld;
  let days: EmulatedDays;
  beforeAll(async () => {
    world = await openDirectoryWorld(await open());
    days = await startEmulatedDays(world);
  }, 480_000);
  afterAll(async () => {
    await days.stop();
    await world.close();
  });

  const findings = async () =>
    (await world.gateway.operations.directoryMatch({})).findings.map(
      ({ kind, key }) => `${kind} ${key.slice(key.indexOf('|') + 1)}`,
    );
  const publish = async () => {
    const { servers } = await world.gateway.operations.apply({});
    expect(servers).toMatchObject([{ parked: 0, waiting: 0 }]);
    const again = await world.gateway.operations.plan({ refresh: true });
    expect(again.servers.map(({ changes, drift, issues }) => [changes, drift, issues])).toEqual([
      [[], [], []],
    ]);
  };
  const find = (resources: readonly AnyResource[], value: string) =>
    resources.find((one) =>
      (one['identifier'] as Identifier[] | undefined)?.some((id) => id.value === value),
    );
  const expected = [
    `closed ${fates.closed}`,
    `closed ${fates.inactive}`,
    `moved ${fates.moved}`,
    `street-moved ${fates.streetMoved}`,
    `practice-moved ${fates.practiceMoved}`,
  ];

  it('on the first day everybody is known, and is published as the directory says', async () => {
    await days.night();
    const found = await findings();
    expect(
      found.filter((one) => /^(closed|vanished|street-moved|practice-moved|role-missing) /.test(one)),
    ).toEqual([]);
    expect(found).not.toContain(`moved ${fates.moved}`);
    await publish();
    const structures = await world.held('Organization');
    for (const finess of [fates.closed, fates.moved, fates.streetMoved])
      expect(find(structures, finess)).toMatchObject({ active: true });
    expect(find(await world.held('Practitioner'), fates.inactive)).toMatchObject({ active: true });
  }, 300_000);

  it('what closed, left or moved by the second is found, each once, and shown at the server', async () => {
    const before = find(await world.held('Organization'), fates.streetMoved)!['address'];
    days.turn();
    await days.night();
    const found = await findings();
    for (const one of expected) expect(found.filter((other) => other === one)).toEqual([one]);
    await publish();
    const structures = await world.held('Organization');
    expect(find(structures, fates.closed)).toMatchObject({ active: false });
    expect(find(structures, fates.moved)).toMatchObject({ active: true });
    expect(find(structures, fates.streetMoved)!['address']).not.toEqual(before);
    expect(find(await world.held('Practitioner'), fates.inactive)).toMatchObject({ active: false });
  }, 300_000);
}
