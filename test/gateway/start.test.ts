/** A gateway that starts beside hospitals in any state. */
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { createLog } from '../../src/log.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { root, workFolder } from '../e2e/passerelle.ts';

const knowledge = createKnowledge(shippedFolders(pathToFileURL(join(root, 'src/main.ts')).href));
let database: TestDatabase;
let hospital: Hospital;
let place: Awaited<ReturnType<typeof workFolder>>;
let silent: Server;
let gateway: Gateway | undefined;
const sockets: Socket[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  place = await workFolder();
  hospital = await startHospital({ name: 'a', ids: 'client' });
  silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const servers = [
    { id: 'a', base: hospital.base, auth: { kind: 'none' } },
    { id: 'muet', base: `http://127.0.0.1:${port}/fhir`, auth: { kind: 'none' } },
  ];
  const file = join(place.folder, 'passerelle.yaml');
  await writeFile(file, stringify({ tenant: 'essai', http: { port: 0 }, servers }));
  const config = loadConfig(file, { DATABASE_URL: database.url });
  gateway = await createGateway(config, { log: createLog('silent'), knowledge, version: '0' });
}, 60_000);
afterEach(async () => {
  await gateway?.stop();
  for (const socket of sockets.splice(0)) socket.destroy();
  silent.close();
  await hospital.close();
  await database.close();
  await place.remove();
});

describe('a gateway that starts', () => {
  it('is ready for the others when a hospital takes connections and answers nothing, and stops as fast', async () => {
    const began = performance.now();
    const address = await gateway!.start();
    expect(performance.now() - began).toBeLessThan(20_000); // that hospital's own limit is 60 s
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    const [answering, mute] = await gateway!.operations.serverList({});
    expect(answering).toMatchObject({ id: 'a', reachable: true });
    expect(mute).toMatchObject({ id: 'muet', reachable: null });
    const stopping = performance.now();
    await gateway!.stop();
    gateway = undefined;
    expect(performance.now() - stopping).toBeLessThan(10_000);
  }, 60_000);
});
