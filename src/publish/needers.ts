/**
 * Who needs a deployed resource. A tenant's own row names its networks; a shared row (a directory copy) names
 * `tenant/network`, because networks of several tenants may need one copy.
 */
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { DeployedResource } from '../store/deployed.ts';

type Row = Pick<DeployedResource, 'tenant' | 'networks'>;

/** The tenant's own networks that need it. */
export function needers(row: Row, tenant: string): string[] {
  if (row.tenant !== sharedTenant) return row.networks;
  return row.networks.filter((one) => isOf(tenant, one)).map((one) => one.slice(tenant.length + 1));
}

/** All that need it once the tenant's part of the list is `networks`, in the form of the row. */
export function neededByOthers(row: Row, tenant: string, networks: readonly string[]): string[] {
  if (row.tenant !== sharedTenant) return [...networks].sort();
  const others = row.networks.filter((one) => !isOf(tenant, one));
  return [...others, ...networks.map((network) => `${tenant}/${network}`)].sort();
}

/** Of several tenants the one that sorts first words a shared copy, so that two do not undo each other for ever. */
export function wordsForOthers(
  row: Row & { active: boolean },
  tenant: string,
  networks: readonly string[],
): boolean {
  if (row.tenant !== sharedTenant || !row.active) return false;
  const [first] = neededByOthers(row, tenant, networks);
  return first !== undefined && !isOf(tenant, first);
}

function isOf(tenant: string, needer: string): boolean {
  return needer.startsWith(`${tenant}/`);
}
