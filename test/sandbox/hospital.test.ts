import { describe, expect, it } from '@jest/globals';
import { organization, talk } from './talk.ts';

describe('a hospital', () => {
  it('counts what could change something apart from what cannot', async () => {
    const { hospital, say } = await talk();
    await say('GET', 'metadata');
    await say('GET', 'Patient?name=x');
    await say('POST', 'Patient/_search', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' });
    const read = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: 'Patient/a' } }],
    };
    await say('POST', '', read);
    await say('POST', '', { ...read, type: 'transaction' });
    await say('PUT', 'Organization/a', organization('a', { id: 'a' }));
    expect(hospital.traffic()).toEqual({ reads: 4, writes: 2 });
    await hospital.close();
  });

  it('takes broken references when its checks are off', async () => {
    const { hospital, say } = await talk({ checkReferences: false });
    const reply = await say(
      'POST',
      'Organization',
      organization('a', { partOf: { reference: 'Organization/nobody' } }),
    );
    expect(reply.status).toBe(201);
    await hospital.close();
  });

  it('refuses to start on a port that is taken', async () => {
    const { hospital } = await talk();
    const port = Number(new URL(hospital.base).port);
    await expect(talk({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await hospital.close();
  });

  it('closes at once, even with silent connections open', async () => {
    const { hospital, say } = await talk({ faults: () => ({ kind: 'silent', when: 'before' }) });
    const waiting = say('GET', 'metadata').then(
      () => 'answered',
      () => 'dropped',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    await hospital.close();
    expect(await waiting).toBe('dropped');
  });

  it('asks for a password, but shows its capabilities to everybody', async () => {
    const { hospital, say } = await talk({ auth: { kind: 'basic', user: 'u', password: 'p' } });
    const basic = (text: string): Record<string, string> => ({ authorization: `Basic ${btoa(text)}` });
    const statuses = [
      await say('GET', 'metadata'),
      await say('GET', 'Patient/a'),
      await say('GET', 'Patient/a', undefined, basic('u:wrong')),
      await say('GET', 'Patient/a', undefined, basic('u:p')),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 401, 401, 404]);
    await hospital.close();
  });
});

describe('a fault', () => {
  it('delays, replaces, cuts or breaks exactly the requests its hook chooses', async () => {
    const { hospital, say } = await talk();
    hospital.setFaults(({ method, path, index }) => {
      if (index === 0) return { kind: 'answer', status: 503, headers: { 'retry-after': '1' }, body: '{}' };
      if (path === 'Organization/b') return { kind: 'instead', status: 502, body: '{}' };
      if (path === 'Organization/c') return { kind: 'reset', when: method === 'PUT' ? 'after' : 'before' };
      if (path === 'Organization/d') return { kind: 'truncate', how: 'short' };
      return path === 'Organization/e' ? { kind: 'delay', ms: 20 } : undefined;
    });
    const put = (id: string) =>
      say('PUT', `Organization/${id}`, organization(id, { id })).then(
        ({ status }) => status,
        () => 'broken',
      );
    expect([await put('a'), await put('b'), await put('c'), await put('d'), await put('e')]).toEqual([
      503,
      502,
      'broken',
      'broken',
      201,
    ]);
    hospital.setFaults(undefined);
    const there = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map(async (id) => (await say('GET', `Organization/${id}`)).status),
    );
    expect(there).toEqual([404, 200, 200, 200, 200]);
    await hospital.close();
  });
});
