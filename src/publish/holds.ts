/** Networks that a roll back holds in an earlier state: until their file changes, or a person releases them. */
import { nameOf } from '../change/states.ts';
import { bodyForm } from '../change/links.ts';
import { placedReadableChanges } from '../change/readable.ts';
import type { HeldNetwork, PlannedChange } from '../operations.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Hold, HeldOutline } from '../store/holds.ts';
import type { Repositories } from '../store/store.ts';
import { hashOf, networksAt } from './desired-state.ts';
import { displayName } from './server-plan.ts';
import { elementSource, resourceSource } from './source.ts';
import type { MappedNetwork, PublishParts } from './types.ts';

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

/**
 * What publishing the file of each held network would change, at each server that it is published at: the hold must never
 * be silent. Bodies are read only of what differs.
 */
export async function heldNetworks(
  { store, serverConfigs }: { store: Pick<Repositories, 'holds'> } & Pick<PublishParts, 'serverConfigs'>,
  tenant: string,
  held: readonly HeldWithFile[],
): Promise<HeldNetwork[]> {
  const told: HeldNetwork[] = [];
  for (const { hold, file } of held) {
    const { networkId: network, runId: run, beforeRun, heldAt } = hold;
    const state = { network, run, beforeRun, since: heldAt.toISOString() };
    if (file?.kept) {
      told.push(state); // it stands for what was published: what it says was not mapped
      continue;
    }
    const rows = Map.groupBy(await store.holds.outline(tenant, network), ({ serverId }) => serverId);
    const changes: PlannedChange[] = [];
    for (const config of serverConfigs)
      if (networksAt(config, [{ id: network }]).length > 0)
        changes.push(
          ...(await differencesAt(store, tenant, config.id, rows.get(config.id) ?? [], { network, file })),
        );
    told.push({ ...state, differences: changes });
  }
  return told;
}

async function differencesAt(
  store: Pick<Repositories, 'holds'>,
  tenant: string,
  server: string,
  rows: readonly HeldOutline[],
  { network, file }: { network: string; file: MappedNetwork | undefined },
): Promise<PlannedChange[]> {
  const held = new Map(rows.map((row) => [nameOf(row), row]));
  const said = new Map((file?.resources ?? []).map((one) => [nameOf(one), one]));
  // A copy that the hospital has itself is pointed to: it never stood among what was written there.
  const created = [...said.values()].filter(
    (one) => !held.has(nameOf(one)) && one.class !== 'directory-copy',
  );
  const differing = rows.filter((row) => {
    const one = said.get(nameOf(row));
    return !one || hashOf(one) !== row.hash;
  });
  const change = (
    one: { type: string; key: string; body: AnyResource },
    rest: Pick<PlannedChange, 'op' | 'fields'> & { source?: string | undefined },
  ): PlannedChange => ({
    ...{ server, network, type: one.type, key: one.key, name: displayName(one) },
    ...{ op: rest.op, fields: rest.fields, ...(rest.source ? { source: rest.source } : {}) },
  });
  const changes = created.map((one) =>
    change(one, { op: 'create', fields: [], source: resourceSource(one.origin, file) }),
  );
  for (const row of await store.holds.find(tenant, server, differing)) {
    const one = said.get(nameOf(row));
    if (!one) {
      changes.push(change(row, { op: 'close', fields: [] }));
      continue;
    }
    const fields = placedReadableChanges(bodyForm(row.body), bodyForm(one.body)).map(
      ({ newPath, ...field }) => {
        const place = elementSource(newPath, one.origin, file);
        return { ...field, ...(place ? { source: place } : {}) };
      },
    );
    changes.push(change(one, { op: 'update', fields, source: resourceSource(one.origin, file) }));
  }
  return changes.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
