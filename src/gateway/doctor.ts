/** `doctor`: everything the gateway stands on, each with what to do when it fails. */
import { messageOf } from './message.ts';
import { loadNetworks } from './networks.ts';
import type { Parts } from './parts.ts';
import { probeServers } from './probe.ts';

export type Check = { name: string; ok: boolean; message: string };

/** Examines runtime, database, network files, servers and what waits. */
export async function examine(parts: Parts): Promise<{ checks: Check[] }> {
  const { config, store, knowledge, clock } = parts;
  const checks: Check[] = [{ name: 'Node', ok: true, message: process.version }];
  checks.push(
    await check('base de données', async () => {
      await store.ping();
      return config.databaseUrl ? 'serveur PostgreSQL' : `embarquée dans ${config.folder}`;
    }),
  );
  checks.push(
    await check('profils', async () => `${(await knowledge.validator()).profiles.length} profils chargés`),
  );
  checks.push(
    await check('réseaux', async () => {
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      const { networks } = await loadNetworks(config.networks, knowledge, today);
      return `${networks.length} réseau(x) sans faute`;
    }),
  );
  for (const { id, ok, message } of await probeServers(parts, [...parts.servers.keys()])) {
    checks.push({ name: `serveur ${id}`, ok, message });
  }
  const open = await store.backlog.open();
  const parked = open.filter(({ state }) => state === 'parked').reduce((sum, { items }) => sum + items, 0);
  const waiting = open.filter(({ state }) => state !== 'parked').reduce((sum, { items }) => sum + items, 0);
  const message = `${waiting} en attente, ${parked} mis de côté`;
  checks.push({ name: 'envois', ok: parked === 0, message });
  checks.push(await subscriptionsAt(parts));
  return { checks };
}

/** Subscriptions that nobody is told by any more, by client; the way out is their client's, or `retry` of what is parked. */
async function subscriptionsAt({ config, store }: Parts): Promise<Check> {
  const asked = (await store.subscriptions.of(config.tenant)).filter(({ status }) => status !== 'off');
  const failed = asked.filter(({ status }) => status === 'error');
  const told = failed.map(({ client, id, error }) => `${client} ${id} : ${error ?? ''}`).join(' ; ');
  const count = `${asked.length} en cours, ${failed.length} en erreur`;
  return { name: 'abonnements', ok: failed.length === 0, message: told ? `${count} (${told})` : count };
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, message: await look() };
  } catch (error) {
    return { name, ok: false, message: messageOf(error) };
  }
}
