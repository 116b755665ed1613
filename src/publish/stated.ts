/** What a network stated earlier of a resource at a server: with its body, or as it is deployed there, by hash. */
import { nameOf } from '../change/states.ts';
import { visibleTenants } from '../delivery/shared-tenant.ts';
import type { HeldOutline, HeldResource } from '../store/holds.ts';
import type { Repositories } from '../store/store.ts';
import { moved } from './moved.ts';

/** Without a body: what stands deployed there under this hash. */
export type Stated = HeldOutline & Partial<Pick<HeldResource, 'body'>>;

/** Rows read at once. */
const pageSize = 500;

/**
 * The rows with their bodies, page by page, so that memory holds one page of them. Throws `conflict` when something else
 * is deployed by now.
 */
export async function* withBodies(
  { deployed }: Pick<Repositories, 'deployed'>,
  tenant: string,
  rows: readonly Stated[],
): AsyncGenerator<HeldResource[]> {
  const servers = Map.groupBy(rows, ({ serverId }) => serverId);
  for (const [serverId, all] of servers)
    for (let start = 0; start < all.length; start += pageSize) {
      const page = all.slice(start, start + pageSize);
      const bare = page.filter(({ body }) => body === undefined);
      const found = await deployed.find(visibleTenants(tenant), serverId, bare);
      const bodies = new Map(found.map((row) => [`${nameOf(row)} ${row.hash}`, row.body]));
      yield page.map((row) => {
        const body = row.body ?? bodies.get(`${nameOf(row)} ${row.hash}`);
        if (!body) throw moved();
        return { ...row, body };
      });
    }
}
