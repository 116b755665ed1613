import { nameOf } from '../change/states.ts';
import { addressesOf } from '../delivery/addresses.ts';
import type { Addresses } from '../delivery/addresses.ts';
import { visibleTenants } from '../delivery/shared-tenant.ts';
import type { Repositories } from '../store/store.ts';
import { repairKind } from './repair.ts';
import type { Held } from './types.ts';

/**
 * What we have at a server and judge now, and how local ids there translate. What is on its way is left out
 * (`onItsWay`): a write under way would look like a change by somebody else. A repair that waits is not: it holds
 * nothing but what is deployed, and a later run must see again what it was for.
 */
export async function heldAt(
  store: Pick<Repositories, 'deployed' | 'references' | 'outbox'>,
  tenant: string,
  serverId: string,
): Promise<{ held: Held[]; addresses: Addresses; onItsWay: Set<string> }> {
  const open = await store.outbox.open(tenant, { serverId, lane: 'publication' });
  const onItsWay = new Set(
    open
      .filter(({ state, kind }) => state === 'sending' || (state === 'queued' && kind !== repairKind))
      .flatMap((item) => (item.payload.entries as unknown as { type: string; key: string }[]).map(nameOf)),
  );
  const deployed = await store.deployed.list(visibleTenants(tenant), serverId);
  const references = await store.references.list(visibleTenants(tenant), serverId);
  const byName = new Map(references.map((row) => [`${row.tenant} ${nameOf(row)}`, row]));
  const held = deployed.flatMap((row): Held[] => {
    const reference = byName.get(`${row.tenant} ${nameOf(row)}`);
    return reference && !onItsWay.has(nameOf(row)) ? [{ deployed: row, reference }] : [];
  });
  return { held, addresses: addressesOf(references, tenant), onItsWay };
}
