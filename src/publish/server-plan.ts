import { bodyForm } from '../change/links.ts';
import { placedReadableChanges } from '../change/readable.ts';
import { splitKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FieldChange, PlanCounts, PlannedChange, ServerPlan } from '../operations.ts';
import type { ServerWork, Work } from './server-work.ts';
import { elementSource, resourceSource } from './source.ts';
import type { MappedNetwork, Wanted } from './types.ts';

const toConfirm = 'Saisie à la main avant nous : à confirmer (--adopt) avant qu’elle devienne la nôtre.';

/** The work at one server as people read it. */
export function serverPlan(
  serverId: string,
  { work, toAdopt, blocked, unchanged, issues }: ServerWork,
  networks: readonly MappedNetwork[],
): ServerPlan {
  const byId = new Map(networks.map((network) => [network.id, network]));
  const of = (
    resource: Wanted,
    rest: Pick<PlannedChange, 'op' | 'fields'> & { reason?: string },
  ): PlannedChange => {
    const network = resource.networks[0] ?? '';
    const source = resourceSource(resource.origin ?? [], byId.get(network));
    return {
      ...{ server: serverId, network, type: resource.type, key: resource.key },
      ...{ name: displayName(resource), ...rest, ...(source ? { source } : {}) },
    };
  };
  const told = (one: Work): PlannedChange =>
    of(one.resource, { op: one.op, fields: fieldsOf(one, byId.get(one.resource.networks[0] ?? '')) });
  const changes = [
    ...work.map(told),
    ...toAdopt.map((one) => ({ ...told(one), reason: toConfirm })),
    ...blocked.map(({ resource, reason }) => of(resource, { op: 'blocked', fields: [], reason })),
  ];
  const ids = [...new Set([...Object.keys(unchanged), ...changes.map(({ network }) => network)])].sort();
  const inNetwork = (id: string): PlanCounts =>
    countsOf(
      changes.filter(({ network }) => network === id),
      unchanged[id] ?? 0,
    );
  const all = Object.values(unchanged).reduce((sum, number) => sum + number, 0);
  return {
    ...{ server: serverId, counts: countsOf(changes, all) },
    networks: ids.map((network) => ({ network, counts: inNetwork(network) })),
    ...{ changes, drift: [], issues },
  };
}

function countsOf(changes: readonly PlannedChange[], unchanged: number): PlanCounts {
  const counts = { create: 0, update: 0, close: 0, adopt: 0, release: 0, blocked: 0, unchanged };
  for (const { op } of changes) counts[op] += 1;
  return counts;
}

function fieldsOf({ op, resource, before }: Work, network: MappedNetwork | undefined): FieldChange[] {
  if (op === 'create' || !before) return [];
  const changes = placedReadableChanges(bodyForm(before.body), bodyForm(resource.body));
  return changes.map(({ newPath, ...change }) => {
    const source = op === 'close' ? undefined : elementSource(newPath, resource.origin ?? [], network);
    return { ...change, ...(source ? { source } : {}) };
  });
}

/** How people call a resource. */
export function displayName({ body, key }: { body: AnyResource; key: string }): string {
  const { name, title } = body;
  if (typeof title === 'string') return title;
  if (typeof name === 'string') return name;
  const [human] = Array.isArray(name) ? (name as { text?: string; given?: string[]; family?: string }[]) : [];
  const spoken = human?.text ?? [...(human?.given ?? []), human?.family].filter(Boolean).join(' ');
  return spoken || splitKey(key).value;
}
