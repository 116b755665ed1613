/** A gateway reduced to what holds a folder: takes it, starts its database, says where, and stays until it is killed. */
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { takeFolder } from '../../src/store/owner.ts';

const folder = process.argv[2]!;
await takeFolder(folder, { adminUrl: 'http://127.0.0.1:1', token: 'holder' });
const { url } = await startEmbedded(folder, createLog('silent'));
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 60_000);
