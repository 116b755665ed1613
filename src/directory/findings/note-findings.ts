import type { Json } from '../../fhir/types.ts';
import type { Repositories } from '../../store/store.ts';
import type { DirectoryFinding, FindingRules } from './types.ts';

/** Stands for a server in the rows of findings that concern the directory, not a hospital. */
export const directoryPlace = 'annuaire';

/**
 * Keeps what a run found in all networks of a tenant, one finding for a resource and kind whatever networks name it; what
 * was not found again is over. One that a person tolerates is kept as such until the tolerance's last day.
 */
export async function noteFindings(
  tx: Pick<Repositories, 'findings' | 'findingTolerances'>,
  at: { tenant: string; runId: string; now: Date },
  found: readonly DirectoryFinding[],
  rules: FindingRules,
): Promise<void> {
  const groups = Map.groupBy(found, ({ type, key, kind }) => [type, key, kind].join(' '));
  for (const same of groups.values()) {
    const [{ type, key, kind, wrong, proposed, record }] = same as [DirectoryFinding];
    const { theme, action, severity, expression, text } = rules.kinds[kind];
    const detail = {
      theme: { system: rules.systems.theme, code: theme },
      action: { system: rules.systems.action, code: action },
      expression: `${type}.${expression}`,
      message: text,
      ...(wrong === undefined ? {} : { errorValue: wrong }),
      ...(proposed === undefined ? {} : { proposedValue: proposed }),
      ...(record === undefined ? {} : { record }),
      networks: same.map(({ network, place }) => ({ network, ...(place === undefined ? {} : { place }) })),
    } satisfies Json;
    await tx.findings.see(at.tenant, at.runId, at.now, {
      ...{ serverId: directoryPlace, type, key, kind, severity, detail },
    });
  }
  await tx.findings.endUnseen(at.tenant, directoryPlace, at.runId, []);
  await tx.findingTolerances.settle(at.tenant, directoryPlace, at.now.toISOString().slice(0, 10));
}
