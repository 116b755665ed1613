/** What every hospital server must do behind the `FhirServer` port; the sandbox hospital and a real HAPI both pass it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { patchParameters } from '../../src/fhir/patch.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { FhirServer, TransactionEntry } from '../../src/server/types.ts';

export type ServerUnderTest = { server: FhirServer; ids: 'client' | 'server'; close(): Promise<void> };

const system = 'https://passerelle.example/fhir/contract';

/** Declares the suite; `start` is called once, within `limitMs`. */
export function fhirServerContract(
  name: string,
  start: () => Promise<ServerUnderTest>,
  limitMs = 30_000,
): void {
  describe(`${name} behind the FhirServer port`, () => {
    let under: ServerUnderTest;
    let server: FhirServer;
    beforeAll(async () => {
      under = await start();
      server = under.server;
    }, limitMs);
    afterAll(() => under?.close(), limitMs);

    const create = async (...resources: AnyResource[]) =>
      server.transaction(resources.map((one) => newEntry(under, one)));

    it('says what it is: FHIR 4.0.1, transactions, the types it keeps', async () => {
      const probe = await server.probe();
      expect(probe.fhirVersion).toBe('4.0.1');
      expect(probe.software).not.toBe('');
      expect(probe.interactions.transaction).toBe(true);
      expect(probe.types).toEqual(expect.arrayContaining(['Organization', 'Task', 'Binary']));
    });

    it('gives a receipt for each entry of a transaction, in order', async () => {
      const receipts = await create(organization(), healthcareService());
      expect(receipts.map(({ type, status }) => [type, status])).toEqual([
        ['Organization', '201 Created'],
        ['HealthcareService', '201 Created'],
      ]);
      for (const receipt of receipts) {
        expect(receipt.versionId).toBe('1');
        expect(Date.parse(receipt.lastUpdated ?? '')).not.toBeNaN();
        const read = await server.read(receipt.type, receipt.localId);
        expect(read).toMatchObject({ state: 'found', versionId: '1' });
      }
    });

    it('resolves references between entries by their urn:uuid', async () => {
      const fullUrl = `urn:uuid:${randomUUID()}`;
      const service = { ...healthcareService(), providedBy: { reference: fullUrl } };
      const [home, offer] = await server.transaction([
        { ...newEntry({ ids: 'server' }, organization()), fullUrl },
        newEntry({ ids: 'server' }, service),
      ]);
      const read = await server.read('HealthcareService', offer!.localId);
      expect(read).toMatchObject({
        resource: { providedBy: { reference: `Organization/${home!.localId}` } },
      });
    });

    it('writes nothing of a transaction when one entry is refused', async () => {
      const fine = organization();
      const broken = { ...healthcareService(), providedBy: { reference: 'Organization/never-was-here' } };
      const attempt = create(fine, broken);
      await expect(attempt).rejects.toMatchObject({
        name: 'GatewayError',
        category: 'invalid',
        side: 'gateway',
      });
      expect(await all(server.search('Organization', { identifier: keyOf(fine) }))).toEqual([]);
    });

    it('creates one resource for one business key, however often it is asked', async () => {
      const resource = organization();
      const entry: TransactionEntry = {
        ...newEntry({ ids: 'server' }, resource),
        ifNoneExist: `identifier=${keyOf(resource)}`,
      };
      const [first] = await server.transaction([entry]);
      const [second] = await server.transaction([entry]);
      expect(first!.status).toBe('201 Created');
      expect(second).toMatchObject({ status: '200 OK', localId: first!.localId });
      expect(await all(server.search('Organization', { identifier: keyOf(resource) }))).toHaveLength(1);
    });

    it('calls several resources of one business key ambiguous, which waiting does not mend (CORE-01, P-18)', async () => {
      const resource = organization();
      const entry = newEntry({ ids: 'server' }, resource);
      for (let i = 0; i < 2; i += 1) await server.transaction([entry]);
      const attempt = server.transaction([{ ...entry, ifNoneExist: `identifier=${keyOf(resource)}` }]);
      await expect(attempt).rejects.toMatchObject({
        category: 'ambiguous',
        side: 'server',
        retryable: false,
      });
    });

    it('updates under the version that was read, and calls a stale one a conflict (CORE-03, P-23)', async () => {
      const [receipt] = await create(organization());
      const { resource } = await mustFind(server, receipt!);
      const renamed = await server.update({ ...resource, name: 'Deuxième' }, '1');
      expect(renamed).toMatchObject({ type: 'Organization', localId: receipt!.localId, versionId: '2' });
      expect(Date.parse(renamed.lastUpdated ?? '')).not.toBeNaN();
      const stale = server.update({ ...resource, name: 'Troisième' }, '1');
      await expect(stale).rejects.toMatchObject({ category: 'conflict', retryable: true });
      expect((await mustFind(server, receipt!)).resource).toMatchObject({ name: 'Deuxième' });
    });

    it('calls a stale version inside a transaction a conflict and writes nothing of it', async () => {
      const [receipt] = await create(organization());
      const { resource } = await mustFind(server, receipt!);
      await server.update({ ...resource, name: 'Deuxième' }, '1');
      const companion = organization();
      const stale = server.transaction([
        newEntry({ ids: 'server' }, companion),
        {
          method: 'PUT',
          url: `Organization/${receipt!.localId}`,
          resource: { ...resource, name: 'Troisième' },
          ifMatch: '1',
        },
      ]);
      await expect(stale).rejects.toMatchObject({ category: 'conflict', side: 'server' });
      expect(await all(server.search('Organization', { identifier: keyOf(companion) }))).toEqual([]);
    });

    it('creates alone, once for one business key (ITI-105)', async () => {
      const resource = documentReference();
      const entry: TransactionEntry = {
        ...newEntry({ ids: 'server' }, resource),
        ifNoneExist: `identifier=${keyOf(resource)}`,
      };
      const first = await server.writeAlone(entry);
      expect(first).toMatchObject({ type: 'DocumentReference', versionId: '1', status: '201 Created' });
      const second = await server.writeAlone(entry);
      expect(second).toMatchObject({ status: '200 OK', localId: first.localId });
      const { resource: there } = await mustFind(server, first);
      expect(there).toMatchObject({ content: [{ attachment: { data: 'UERG' } }] });
    });

    it('patches one element beside a create in one transaction, and says that it does (MHD-06)', async () => {
      const { capability } = await server.probe();
      const row = capability.rest![0]!.resource!.find(({ type }) => type === 'DocumentReference');
      expect(row!.interaction!.map(({ code }) => code)).toContain('patch');
      const old = await server.writeAlone(newEntry({ ids: 'server' }, documentReference()));
      const patch = supersede(old.localId);
      const [created, patched] = await server.transaction([
        newEntry({ ids: 'server' }, documentReference()),
        { ...patch, ifMatch: '1' },
      ]);
      expect(created).toMatchObject({ type: 'DocumentReference', status: '201 Created' });
      expect(patched).toMatchObject({ type: 'DocumentReference', localId: old.localId, versionId: '2' });
      const { resource } = await mustFind(server, old);
      expect(resource).toMatchObject({ status: 'superseded', content: [{ attachment: { data: 'UERG' } }] });
    });

    it('patches alone, and writes nothing under a version that is not current', async () => {
      const old = await server.writeAlone(newEntry({ ids: 'server' }, documentReference()));
      const patched = await server.writeAlone(supersede(old.localId));
      expect(patched).toMatchObject({ localId: old.localId, versionId: '2' });
      const companion = documentReference();
      const back: TransactionEntry = {
        ...supersede(old.localId),
        resource: patchParameters({ type: 'DocumentReference', element: 'status', code: 'current' }),
        ifMatch: '1',
      };
      const stale = server.transaction([newEntry({ ids: 'server' }, companion), back]);
      await expect(stale).rejects.toMatchObject({ category: 'conflict', side: 'server' });
      expect((await mustFind(server, old)).resource).toMatchObject({ status: 'superseded' });
      expect(await all(server.search('DocumentReference', { identifier: keyOf(companion) }))).toEqual([]);
    });

    it('keeps the version of a resource that is written without change', async () => {
      const [receipt] = await create(organization());
      const { resource } = await mustFind(server, receipt!);
      expect(await server.update(resource, '1')).toMatchObject({ versionId: '1' });
    });

    it('tells a resource that never was from one that was deleted', async () => {
      const [receipt] = await create(organization());
      const address = `${server.base}/Organization/${receipt!.localId}`;
      expect((await fetch(address, { method: 'DELETE' })).ok).toBe(true);
      expect(await server.read('Organization', receipt!.localId)).toEqual({ state: 'deleted' });
      expect(await server.read('Organization', 'never-was-here')).toEqual({ state: 'missing' });
    });

    it('reads many at once in the order asked, found, deleted and missing alike', async () => {
      const receipts = await create(...Array.from({ length: 60 }, () => organization()));
      const ids = receipts.map(({ type, localId: id }) => ({ type, id }));
      await fetch(`${server.base}/Organization/${ids[3]!.id}`, { method: 'DELETE' });
      const wanted = [...ids, { type: 'Organization', id: 'never-was-here' }, ...ids.slice(0, 10)];
      const results = await server.readMany(wanted);
      expect(results).toHaveLength(wanted.length);
      expect(results[3]).toEqual({ state: 'deleted' });
      expect(results[60]).toEqual({ state: 'missing' });
      const found = results.map((one) => (one.state === 'found' ? one.resource.id : one.state));
      expect(found.toSpliced(60, 1, 'missing')).toEqual(found);
      expect(found[0]).toBe(ids[0]!.id);
      expect(found[70]).toBe(ids[9]!.id);
    });

    it('finds every match beyond the largest page, each once, and stops at a limit', async () => {
      const tag = { system: `${system}/tag`, code: randomUUID() };
      const tagged = Array.from({ length: 130 }, () => ({ ...organization(), meta: { tag: [tag] } }));
      for (let at = 0; at < tagged.length; at += 64) await create(...tagged.slice(at, at + 64));
      const params = { _tag: `${tag.system}|${tag.code}` };
      const ids = (await all(server.search('Organization', params))).map(({ id }) => id);
      expect(new Set(ids).size).toBe(130);
      expect(await all(server.search('Organization', { ...params, _count: '20' }))).toHaveLength(130);
      expect(await all(server.search('Organization', params, 75))).toHaveLength(75);
    });

    it('finds by several identifiers at once and by time', async () => {
      const [one, two, other] = [organization(), organization(), organization()];
      const [receipt] = await create(one, two, other);
      const either = await all(server.search('Organization', { identifier: `${keyOf(one)},${keyOf(two)}` }));
      expect(either.flatMap(keysIn).toSorted()).toEqual([keyOf(one), keyOf(two)].toSorted());
      const from = new Date(Date.parse(receipt!.lastUpdated!)).toISOString();
      const recent = await all(
        server.search('Organization', { identifier: keyOf(one), _lastUpdated: `ge${from}` }),
      );
      expect(recent).toHaveLength(1);
      const future = { identifier: keyOf(one), _lastUpdated: 'ge2999-01-01' };
      expect(await all(server.search('Organization', future))).toEqual([]);
    });

    it('sees a fresh write in a search it has just made (HAPI-08, P-25)', async () => {
      const resource = organization();
      const params = { identifier: keyOf(resource) };
      expect(await all(server.search('Organization', params))).toEqual([]);
      await create(resource);
      expect(await all(server.search('Organization', params))).toHaveLength(1);
    });

    it('refuses a search parameter it does not know', async () => {
      const attempt = all(server.search('Organization', { 'shoe-size': '43' }));
      await expect(attempt).rejects.toMatchObject({ category: 'invalid', side: 'gateway', retryable: false });
    });

    it('keeps the bytes of a Binary, also when they are FHIR themselves', async () => {
      const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256));
      const document = Buffer.from('{"resourceType":"Bundle",  "type":"document"}\n');
      const [pdf, bundle] = await create(
        binary('application/pdf', noise),
        binary('application/fhir+json', document),
      );
      expect(await server.binary(pdf!.localId)).toEqual({ contentType: 'application/pdf', bytes: noise });
      expect((await server.binary(bundle!.localId)).bytes).toEqual(document);
      await expect(server.binary('never-was-here')).rejects.toMatchObject({ category: 'not-found' });
    });

    it('lets one of several parallel writers of one version win', async () => {
      const [receipt] = await create(organization());
      const { resource } = await mustFind(server, receipt!);
      const attempts = Array.from({ length: 5 }, (_, i) =>
        server.update({ ...resource, name: `Nom ${i}` }, '1'),
      );
      const settled = await Promise.allSettled(attempts);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const one of settled) {
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ category: 'conflict' });
      }
    });
  });
}

/** Creates under an id of ours where the server takes them, else under its own. */
function newEntry({ ids }: { ids: 'client' | 'server' }, resource: AnyResource): TransactionEntry {
  const type = resource.resourceType;
  if (ids === 'server') return { method: 'POST', url: type, resource };
  const id = `pas-${randomUUID().replaceAll('-', '')}`;
  return { method: 'PUT', url: `${type}/${id}`, resource: { ...resource, id } };
}

function documentReference(): AnyResource {
  return {
    resourceType: 'DocumentReference',
    identifier: [{ system, value: randomUUID() }],
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', data: 'UERG' } }],
  };
}

function supersede(id: string): TransactionEntry {
  const resource = patchParameters({ type: 'DocumentReference', element: 'status', code: 'superseded' });
  return { method: 'PATCH', url: `DocumentReference/${id}`, resource };
}

function organization(): AnyResource {
  return { resourceType: 'Organization', identifier: [{ system, value: randomUUID() }], name: 'Premier' };
}

function healthcareService(): AnyResource {
  return { resourceType: 'HealthcareService', identifier: [{ system, value: randomUUID() }], name: 'Offre' };
}

function binary(contentType: string, bytes: Buffer): AnyResource {
  return { resourceType: 'Binary', contentType, data: bytes.toString('base64') };
}

function keysIn(resource: AnyResource): string[] {
  return (resource['identifier'] as { system: string; value: string }[]).map(
    (one) => `${one.system}|${one.value}`,
  );
}

function keyOf(resource: AnyResource): string {
  return keysIn(resource)[0]!;
}

async function mustFind(
  server: FhirServer,
  { type, localId }: { type: string; localId: string },
): Promise<{ resource: AnyResource & { id: string } }> {
  const result = await server.read(type, localId);
  if (result.state !== 'found') throw new Error(`${type} is ${result.state}`);
  return { resource: { ...result.resource, id: localId } };
}

async function all(matches: AsyncIterable<AnyResource>): Promise<AnyResource[]> {
  const found: AnyResource[] = [];
  for await (const match of matches) found.push(match);
  return found;
}
