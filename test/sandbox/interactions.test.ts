import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { organization, talk, type Talk } from './talk.ts';

let open: Talk;
let closed: Talk;
beforeAll(async () => {
  open = await talk();
  closed = await talk({ ids: 'server' });
});
afterAll(async () => {
  await open.hospital.close();
  await closed.hospital.close();
});

describe('create and read', () => {
  it('gives a new resource its id, version, time and place', async () => {
    const created = await open.say('POST', 'Organization', organization('a', { id: 'ignored' }));
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(id).not.toBe('ignored');
    expect(created.headers.get('location')).toBe(`${open.hospital.base}/Organization/${id}/_history/1`);
    expect(created.headers.get('etag')).toBe('W/"1"');
    expect(Date.parse(created.headers.get('last-modified') ?? '')).not.toBeNaN();
    const read = await open.say('GET', `Organization/${id}`);
    expect(read).toMatchObject({ status: 200, body: { id, meta: { versionId: '1' }, name: 'Structure a' } });
    expect(read.headers.get('content-type')).toMatch(/^application\/fhir\+json/);
  });

  it('answers 304 to whoever has the current version', async () => {
    await open.say('PUT', 'Organization/cached', organization('c', { id: 'cached' }));
    const read = await open.say('GET', 'Organization/cached', undefined, { 'if-none-match': 'W/"1"' });
    expect(read.status).toBe(304);
  });

  it('creates once under a condition, and refuses a condition that several match (CORE-01)', async () => {
    const condition = { 'if-none-exist': 'identifier=urn:essai|once' };
    const statuses = [];
    for (let i = 0; i < 2; i += 1)
      statuses.push((await open.say('POST', 'Organization', organization('once'), condition)).status);
    await open.say('POST', 'Organization', organization('once'));
    statuses.push((await open.say('POST', 'Organization', organization('once'), condition)).status);
    expect(statuses).toEqual([201, 200, 412]);
  });

  it('leaves the body out when asked to', async () => {
    const created = await open.say('POST', 'Organization', organization('m'), { prefer: 'return=minimal' });
    expect(created).toMatchObject({ status: 201, body: {} });
    expect(created.headers.get('etag')).toBe('W/"1"');
  });

  it.each([
    ['GET', 'Organization/nobody', 404, 'not-found'],
    ['GET', 'Unicorn/a', 404, 'not-supported'],
    ['GET', 'constructor/a', 404, 'not-supported'],
    ['GET', '', 400, 'not-supported'],
    ['DELETE', 'Organization', 405, 'not-supported'],
    ['PATCH', 'Organization', 405, 'not-supported'],
    ['PATCH', 'Organization/a', 400, 'structure'],
    ['GET', '%E0%A4%A', 400, 'invalid'],
  ])('refuses %s %s with %i %s', async (method, path, status, code) => {
    const reply = await open.say(method, path);
    expect(reply).toMatchObject({ status, body: { resourceType: 'OperationOutcome', issue: [{ code }] } });
  });

  it.each([
    ['of what is not there', 'Organization/nobody', 'Organization.name', 'replace', 404],
    ['of another type', 'Organization/patched', 'Patient.name', 'replace', 422],
    ['below an element', 'Organization/patched', 'Organization.address.city', 'replace', 422],
    ['that adds', 'Organization/patched', 'Organization.name', 'add', 422],
    ['that replaces an element', 'Organization/patched', 'Organization.name', 'replace', 200],
  ])('takes a FHIRPath Patch %s: %s %s (%s) with %i', async (_name, place, path, type, status) => {
    await open.say('PUT', 'Organization/patched', organization('p', { id: 'patched' }));
    const part = [
      { name: 'type', valueCode: type },
      { name: 'path', valueString: path },
      { name: 'value', valueString: 'Nouveau nom' },
    ];
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] };
    expect((await open.say('PATCH', place, parameters)).status).toBe(status);
    const { name } = (await open.say('GET', 'Organization/patched')).body;
    expect(name).toBe(status === 200 ? 'Nouveau nom' : 'Structure p');
  });

  it.each([
    ['no JSON', '{"resourceType":', {}, 400],
    ['a list', '[]', {}, 400],
    ['another type', '{"resourceType":"Patient"}', {}, 400],
    ['XML', '<Organization/>', { 'content-type': 'application/fhir+xml' }, 415],
    ['a broken reference', organization('b', { partOf: { reference: 'Organization/nobody' } }), {}, 400],
    [
      'a conditional reference outside a transaction',
      organization('b', { partOf: { reference: 'Organization?name=x' } }),
      {},
      400,
    ],
  ])('refuses a body that is %s', async (_name, body, headers, status) => {
    expect((await open.say('POST', 'Organization', body, headers)).status).toBe(status);
  });
});

describe('update', () => {
  it('creates under a client id, then makes versions, and none without a change', async () => {
    const put = (name: string) => open.say('PUT', 'Organization/u', organization('u', { id: 'u', name }));
    const replies = [await put('1'), await put('2'), await put('2')];
    expect(replies.map(({ status }) => status)).toEqual([201, 200, 200]);
    expect(replies.map(({ headers }) => headers.get('etag'))).toEqual(['W/"1"', 'W/"2"', 'W/"2"']);
  });

  it('needs the current version under If-Match and nothing there under If-None-Match: * (CORE-03)', async () => {
    const put = (name: string, headers: Record<string, string>) =>
      open.say('PUT', 'Organization/v', organization('v', { id: 'v', name }), headers);
    const statuses = [
      await put('1', { 'if-match': 'W/"1"' }),
      await put('1', { 'if-none-match': '*' }),
      await put('2', { 'if-none-match': '*' }),
      await put('2', { 'if-match': 'W/"1"' }),
      await put('3', { 'if-match': 'W/"1"' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([412, 201, 412, 200, 412]);
  });

  it('finds its resource by a condition (CORE-02)', async () => {
    const put = (name: string) =>
      open.say('PUT', 'Organization?identifier=urn:essai|w', organization('w', { name }));
    const [first, second] = [await put('1'), await put('2')];
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
  });

  it('refuses an id that differs from the address', async () => {
    expect((await open.say('PUT', 'Organization/x', organization('x', { id: 'y' }))).status).toBe(400);
  });

  it('refuses client ids where the hospital gives them, yet updates what is there', async () => {
    expect((await closed.say('PUT', 'Organization/mine', organization('m', { id: 'mine' }))).status).toBe(
      405,
    );
    const { body } = await closed.say('POST', 'Organization', organization('m'));
    expect((await closed.say('PUT', `Organization/${body.id}`, { ...body, name: 'Autre' })).status).toBe(200);
  });
});

describe('delete and history', () => {
  it('answers 410 afterwards, keeps the versions, and can be repeated (CORE-08)', async () => {
    await open.say('PUT', 'Organization/d', organization('d', { id: 'd' }));
    expect((await open.say('DELETE', 'Organization/d')).status).toBe(204);
    expect((await open.say('DELETE', 'Organization/d')).status).toBe(204);
    expect((await open.say('GET', 'Organization/d')).status).toBe(410);
    expect((await open.say('GET', 'Organization/d/_history/1')).body.name).toBe('Structure d');
    expect((await open.say('GET', 'Organization/d/_history/2')).status).toBe(410);
    expect((await open.say('GET', 'Organization/d/_history/3')).status).toBe(404);
    const { body } = await open.say('GET', 'Organization/d/_history');
    expect(body.entry?.map(({ request }) => request?.method)).toEqual(['DELETE', 'PUT']);
    const again = await open.say('PUT', 'Organization/d', organization('d', { id: 'd' }));
    expect([again.status, again.headers.get('etag')]).toEqual([201, 'W/"3"']);
  });

  it('refuses to delete what another resource refers to (HAPI-16)', async () => {
    await open.say('PUT', 'Organization/parent', organization('p', { id: 'parent' }));
    await open.say(
      'PUT',
      'Organization/child',
      organization('q', { id: 'child', partOf: { reference: 'Organization/parent' } }),
    );
    expect((await open.say('DELETE', 'Organization/parent')).status).toBe(409);
  });

  it('tells what changed since an instant, newest first, page by page', async () => {
    let now = Date.parse('2026-11-22T10:00:00Z');
    const timed = await talk({ clock: { now: () => now } });
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await timed.say('PUT', `Organization/${id}`, organization(id, { id }));
      now += 1000;
    }
    const seen: unknown[] = [];
    let page = 'Organization/_history?_since=2026-11-22T10:00:01Z&_count=2';
    while (page) {
      const { body } = await timed.say('GET', page);
      seen.push(...(body.entry ?? []).map(({ resource }) => resource?.id));
      page = body.link?.find(({ relation }) => relation === 'next')?.url ?? '';
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b']);
    expect((await timed.say('GET', '_history')).body.total).toBe(5);
    expect((await timed.say('GET', '_history?_since=yesterday')).status).toBe(400);
    await timed.hospital.close();
  });
});

describe('Binary', () => {
  const bytes = '{"resourceType":"Bundle",  "type":"document"}';

  it('takes and gives raw bytes under their own type, and FHIR JSON to whoever asks for it', async () => {
    const posted = await fetch(`${open.hospital.base}/Binary`, {
      method: 'POST',
      headers: { 'content-type': 'application/pdf' },
      body: 'raw',
    });
    const place = posted.headers.get('location')!.replace(/\/_history.*/, '');
    const raw = await fetch(place);
    expect([
      raw.headers.get('content-type'),
      raw.headers.get('content-disposition'),
      await raw.text(),
    ]).toEqual(['application/pdf', 'attachment', 'raw']);
    const wrapped = await open.say('GET', place, undefined, { accept: 'application/fhir+json' });
    expect(wrapped.body).toMatchObject({
      resourceType: 'Binary',
      contentType: 'application/pdf',
      data: btoa('raw'),
    });
  });

  it('gives a stored FHIR document back byte by byte', async () => {
    const binary = {
      resourceType: 'Binary',
      id: 'doc',
      contentType: 'application/fhir+json',
      data: btoa(bytes),
    };
    await open.say('PUT', 'Binary/doc', binary);
    const raw = await fetch(`${open.hospital.base}/Binary/doc`, { headers: { accept: '*/*' } });
    expect(await raw.text()).toBe(bytes);
  });
});

it('a body over the limit is refused as such', async () => {
  const reply = await open.say('POST', 'Binary', 'x'.repeat(65 * 1024 * 1024), {
    'content-type': 'text/plain',
  });
  expect(reply).toMatchObject({ status: 413, body: { resourceType: 'OperationOutcome' } });
});

it('the capability statement tells the version, the ids and every search parameter', async () => {
  const { body } = await closed.say('GET', 'metadata');
  expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' });
  const [rest] = body['rest'] as {
    resource: { type: string; updateCreate: boolean; searchParam: { name: string }[] }[];
  }[];
  const task = rest!.resource.find(({ type }) => type === 'Task')!;
  expect(task.updateCreate).toBe(false);
  expect(task.searchParam.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['_lastUpdated', 'focus', 'based-on', 'status']),
  );
});
