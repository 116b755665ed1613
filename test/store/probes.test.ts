import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';

describe('probes of servers', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
  });

  afterAll(() => database.close());

  it('keep the last answer of each server, and its capability while it fails', async () => {
    const { probes } = database.store;
    const first = new Date('2026-05-04T12:00Z');
    const second = new Date('2026-05-05T12:00Z');
    const capability = { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' };
    await probes.record({ serverId: 'b', at: first, ok: false, message: 'Serveur injoignable.' });
    await probes.record({ serverId: 'a', at: first, ok: true, capability });
    await probes.record({ serverId: 'a', at: second, ok: false, message: 'Jeton refusé.' });
    expect(await probes.list()).toEqual([
      { serverId: 'a', at: second, ok: false, capability, message: 'Jeton refusé.' },
      { serverId: 'b', at: first, ok: false, capability: null, message: 'Serveur injoignable.' },
    ]);
    await probes.record({ serverId: 'a', at: second, ok: true, capability });
    expect((await probes.list())[0]).toMatchObject({ ok: true, message: null });
  });
});
