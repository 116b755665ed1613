/** Reading a place as the judge does: by business identifier, and in all versions. */
import type { Caller } from '../../../../src/demo/http.ts';
import type { AnyResource } from '../../../../src/fhir/types.ts';
import type { Faults } from './judged.ts';
import { tokenOf } from '../story/until.ts';

/** The only resource under a `system|value`; none or several are faults. */
export async function theOne(
  at: Pick<Caller, 'all'>,
  type: string,
  key: string,
  faults: Faults,
): Promise<AnyResource | undefined> {
  const found = await at.all(`${type}?identifier=${tokenOf(key)}`);
  if (found.length === 0) faults.lost.push(`${type} ${key}`);
  if (found.length > 1) faults.duplicated.push(`${found.length} × ${type} ${key}`);
  return found[0];
}

/** All versions, oldest first: a status never returns to an earlier one of the line. */
export async function neverBack(
  at: Caller,
  { resourceType, id }: AnyResource,
  line: readonly string[],
  faults: Faults,
): Promise<void> {
  const statuses = (await versionsOf(at, `${resourceType}/${id}`)).map(({ status }) => String(status));
  const ranks = statuses.map((status) => line.indexOf(status));
  if (ranks.some((rank, index) => index > 0 && rank < ranks[index - 1]!))
    faults.disordered.push(`${resourceType}: ${statuses.join(' → ')}`);
}

/** Every version of a resource, oldest first. */
export async function versionsOf(at: Caller, path: string): Promise<AnyResource[]> {
  const versions = await at.all(`${path}/_history?_count=200`);
  return versions.sort((a, b) => Number(a.meta?.versionId) - Number(b.meta?.versionId));
}
