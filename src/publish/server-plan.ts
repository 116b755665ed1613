import { bodyForm } from '../change/links.ts';
import { readableChanges } from '../change/readable.ts';
import { splitKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { FieldChange, PlannedChange, ServerPlan } from '../operations.ts';
import type { ServerWork, Work } from './server-work.ts';
import type { MappedNetwork, Wanted } from './types.ts';

/** The work at one server as people read it. */
export function serverPlan(
  serverId: string,
  { work, blocked, unchanged, issues }: ServerWork,
  networks: readonly MappedNetwork[],
): ServerPlan {
  const count = (op: Work['op']): number => work.filter((one) => one.op === op).length;
  const of = (
    resource: Wanted,
    rest: Pick<PlannedChange, 'op' | 'fields'> & { reason?: string },
  ): PlannedChange => ({
    ...{ server: serverId, network: resource.networks[0] ?? '', type: resource.type, key: resource.key },
    ...{ name: displayName(resource), ...rest },
  });
  return {
    server: serverId,
    counts: {
      ...{ create: count('create'), update: count('update'), close: count('close'), adopt: 0 },
      ...{ blocked: blocked.length, unchanged },
    },
    changes: [
      ...work.map((one) => of(one.resource, { op: one.op, fields: fieldsOf(one, networks) })),
      ...blocked.map(({ resource, reason }) => of(resource, { op: 'blocked', fields: [], reason })),
    ],
    issues,
  };
}

function fieldsOf({ op, resource, before }: Work, networks: readonly MappedNetwork[]): FieldChange[] {
  if (op === 'create' || !before) return [];
  return readableChanges(bodyForm(before.body), bodyForm(resource.body)).map((change) => ({
    ...change,
    ...sourceOf(change.path, resource, networks),
  }));
}

/** Where in the network's file a field came from, when the mapping recorded it. */
function sourceOf(path: string, resource: Wanted, networks: readonly MappedNetwork[]): { source?: string } {
  const network = networks.find(({ id }) => id === resource.networks[0]);
  const mapped = network?.resources.find((one) => one.type === resource.type && one.key === resource.key);
  const origin = mapped?.origin.find((one) => one.element === path);
  return network && origin?.path ? { source: `${network.sourceFile}#${origin.path}` } : {};
}

function displayName({ body, key }: { body: AnyResource; key: string }): string {
  const { name, title } = body;
  if (typeof title === 'string') return title;
  if (typeof name === 'string') return name;
  const [human] = Array.isArray(name) ? (name as { text?: string; given?: string[]; family?: string }[]) : [];
  const spoken = human?.text ?? [...(human?.given ?? []), human?.family].filter(Boolean).join(' ');
  return spoken || splitKey(key).value;
}
