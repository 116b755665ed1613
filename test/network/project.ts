/** The kinds and the networks of this project, as a command line would read and check them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '../../src/fhir/issue.ts';
import { checkTogether } from '../../src/network/check-together.ts';
import { checkNetwork } from '../../src/network/check.ts';
import { findKind } from '../../src/network/find-kind.ts';
import { loadKinds } from '../../src/network/load-kinds.ts';
import { readNetworks } from '../../src/network/read.ts';

export type Kinds = Awaited<ReturnType<typeof loadKinds>>['kinds'];

/** The day on which tests look at networks. */
export const today = '2026-11-22';

export const exampleFiles: readonly string[] = readdirSync(join('examples', 'networks'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join('examples', 'networks', name));

export async function kindsOfTheProject(): Promise<Kinds> {
  const { kinds, issues } = await loadKinds('mappings');
  if (issues.length > 0) throw new Error(JSON.stringify(issues, undefined, 2));
  return kinds;
}

/** Read, kind found, checked, alone and together: all issues in the order they are found. */
export async function issuesOf(file: string, kinds: Kinds, at: string = today): Promise<Issue[]> {
  const { networks, covered, issues } = await readNetworks(file, kinds);
  return [
    ...issues,
    ...networks.flatMap((network) => {
      const found = findKind(network, kinds);
      return found.kind ? checkNetwork(network, found.kind, { at }) : found.issues;
    }),
    ...checkTogether(networks, kinds, covered),
  ];
}
