/** Networks that a roll back holds in an earlier state: until their file changes, or a person releases them. */
import { nameOf } from '../change/states.ts';
import { bodyForm } from '../change/links.ts';
import { placedReadableChanges } from '../change/readable.ts';
import type { HeldNetwork, PlannedChange } from '../operations.ts';
import type { Hold } from '../store/holds.ts';
import type { Repositories } from '../store/store.ts';
import { hashOf } from './desired-state.ts';
import { displayName } from './server-plan.ts';
import { elementSource, resourceSource } from './source.ts';
import type { MappedNetwork } from './types.ts';

/** A held network with what its file says; `file` is undefined when it has none. */
export type HeldWithFile = { hold: Hold; file: MappedNetwork | undefined };

export type WithHolds = {
  /** All networks, the held ones as they are held. */
  networks: MappedNetwork[];
  held: HeldWithFile[];
  /** Networks whose hold is over. */
  released: string[];
  /** All holds as they were read. */
  holds: Hold[];
};

/** Applies the holds of a tenant to what its files say. */
export async function withHolds(
  store: Pick<Repositories, 'holds' | 'networks'>,
  tenant: string,
  networks: readonly MappedNetwork[],
  release: readonly string[] = [],
): Promise<WithHolds> {
  const holds = await store.holds.list(tenant);
  const result: WithHolds = { networks: [...networks], held: [], released: [], holds };
  if (holds.length === 0) return result;
  const known = new Map((await store.networks.list(tenant)).map((network) => [network.id, network]));
  for (const hold of holds) {
    const file = networks.find(({ id }) => id === hold.networkId);
    if (release.includes(hold.networkId) || (file?.sourceHash ?? null) !== hold.sourceHash) {
      result.released.push(hold.networkId);
      continue;
    }
    result.held.push({ hold, file });
    const stored = known.get(hold.networkId);
    const { kind = '', name = hold.networkId } = stored ?? {};
    const shown = file ?? { id: hold.networkId, kind, name, source: '', sourceFile: '', sourceHash: '' };
    result.networks = [
      ...result.networks.filter(({ id }) => id !== hold.networkId),
      { ...shown, resources: [], kept: 'held' },
    ];
  }
  return result;
}

/** What publishing the file of each held network would change: the hold must never be silent. */
export async function heldNetworks(
  store: Pick<Repositories, 'holds'>,
  tenant: string,
  held: readonly HeldWithFile[],
): Promise<HeldNetwork[]> {
  return Promise.all(
    held.map(async ({ hold, file }) => ({
      ...{ network: hold.networkId, run: hold.runId, beforeRun: hold.beforeRun },
      since: hold.heldAt.toISOString(),
      differences: differences(await store.holds.resources(tenant, hold.networkId), hold, file),
    })),
  );
}

type HeldRow = Awaited<ReturnType<Repositories['holds']['resources']>>[number];

function differences(
  rows: readonly HeldRow[],
  { networkId }: Hold,
  file: MappedNetwork | undefined,
): PlannedChange[] {
  const held = new Map([...rows].reverse().map((row) => [nameOf(row), row])); // the first server's words
  const said = new Map((file?.resources ?? []).map((one) => [nameOf(one), one]));
  const change = (
    one: { type: string; key: string; body: HeldRow['body'] },
    rest: Pick<PlannedChange, 'op' | 'fields'> & { source?: string | undefined },
  ): PlannedChange => ({
    ...{ server: '', network: networkId, type: one.type, key: one.key, name: displayName(one) },
    ...{ op: rest.op, fields: rest.fields, ...(rest.source ? { source: rest.source } : {}) },
  });
  const gone = [...held.values()].filter((row) => !said.has(nameOf(row)));
  return [
    ...gone.map((row) => change(row, { op: 'close', fields: [] })),
    ...[...said.values()].flatMap((one) => {
      const row = held.get(nameOf(one));
      const source = resourceSource(one.origin, file);
      // A copy that the hospital has itself is pointed to: it never stood among what was written there.
      if (!row)
        return one.class === 'directory-copy' ? [] : [change(one, { op: 'create', fields: [], source })];
      if (row.hash === hashOf(one)) return [];
      const fields = placedReadableChanges(bodyForm(row.body), bodyForm(one.body));
      const told = fields.map(({ newPath, ...field }) => {
        const place = elementSource(newPath, one.origin, file);
        return { ...field, ...(place ? { source: place } : {}) };
      });
      return [change(one, { op: 'update', fields: told, source })];
    }),
  ].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
