/** A network file with lists of any length → FHIR resources, one after the other, in memory that the lists do not fill. */
import { hasErrors, type Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { resolveBundle } from '../mapping/bundle.ts';
import { type MappedPage, type PagedMapping, pagedMapping, WholeListNeeded } from '../mapping/map-pages.ts';
import { checkPaged } from '../network/check-paged.ts';
import { limitIssues } from '../network/limit-issues.ts';
import { openPaged, type PagedNetwork } from '../network/paged.ts';
import type { Knowledge } from './knowledge.ts';

export type PagedResult = { issues: Issue[]; resources: number };

/** More issues than anybody reads are not kept. */
const maxKept = 1_000;

/**
 * Checks, maps and validates a network whose lists are spreadsheets; `write` gets each resource (references resolved) in turn
 * and is waited for. Undefined for a network that is not of that form or whose mapping needs a list as a whole:
 * `readNetworkFiles` is for it, and what was written is to be thrown away, as it is when an issue is an error.
 */
export async function mapPaged(
  file: string,
  knowledge: Knowledge,
  at: string,
  write: (resource: AnyResource) => Promise<void>,
): Promise<PagedResult | undefined> {
  const paged = await openPaged(file, await knowledge.kinds());
  if (!paged) return undefined;
  const { issues, named } = await checkPaged(paged, at);
  if (hasErrors(issues)) return { issues, resources: 0 };
  try {
    const mapping = pagedMapping(paged.kind.mapping, paged.network, paged.lists, at);
    if (named.size > 0) await learn(paged, mapping, named);
    return await writeAll(paged, mapping, knowledge, issues, write);
  } catch (error) {
    if (error instanceof WholeListNeeded) return undefined;
    throw error;
  }
}

async function learn(paged: PagedNetwork, mapping: PagedMapping, named: ReadonlySet<string>): Promise<void> {
  for await (const { record, list } of paged.pages([])) mapping.learn(record, list, named);
}

async function writeAll(
  paged: PagedNetwork,
  mapping: PagedMapping,
  knowledge: Knowledge,
  issues: Issue[],
  write: (resource: AnyResource) => Promise<void>,
): Promise<PagedResult> {
  const validator = await knowledge.validator();
  let count = 0;
  const part = async ({ resources, issues: found, present }: MappedPage): Promise<void> => {
    issues.push(...found.slice(0, maxKept));
    for (const { resource } of resolveBundle(resources, present).entry) {
      for (const issue of validator.validate(resource))
        issues.push({ ...issue, source: { file: paged.network.file, line: 1, column: 1 } });
      count += 1;
      await write(resource);
    }
    if (issues.length > 2 * maxKept)
      issues.splice(maxKept, issues.length, ...limitIssues(issues.slice(maxKept)));
  };
  await part(mapping.rest());
  for await (const { record, list } of paged.pages([])) await part(mapping.page(record, list));
  return { issues: limitIssues(issues), resources: count };
}
