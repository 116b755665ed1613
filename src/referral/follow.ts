/** Follows the Task of every open referral at its fulfiller's server, by polling (REF-08). */
import { asGatewayError } from '../fhir/outcome.ts';
import type { Task } from '../fhir/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Store } from '../store/store.ts';
import { mirror, type MirrorParts } from './mirror.ts';
import { partKey } from './names.ts';

export type FollowParts = MirrorParts & { store: Store; connect: (serverId: string) => FhirServer };

export type Followed = {
  /** Tasks read. */
  checked: number;
  /** Referrals whose Task moved. */
  moved: { referral: string; to: string }[];
  /** What could not be followed, in French. */
  problems: { referral: string | undefined; server: string; message: string }[];
};

/** One pass over all servers; one that does not answer is told and the others go on (P-34). */
export async function followTasks(parts: FollowParts, tenant: string): Promise<Followed> {
  const followed: Followed = { checked: 0, moved: [], problems: [] };
  const silent = new Set<string>();
  for await (const open of parts.store.referrals.open(tenant)) {
    for (const [server, here] of Map.groupBy(open, ({ fulfillerServer }) => fulfillerServer)) {
      if (silent.has(server)) continue; // told once a pass
      try {
        await followAt(parts, tenant, server, here, followed);
      } catch (error) {
        silent.add(server);
        followed.problems.push({ referral: undefined, server, message: asGatewayError(error).message });
      }
    }
  }
  return followed;
}

async function followAt(
  parts: FollowParts,
  tenant: string,
  serverId: string,
  referrals: readonly Referral[],
  followed: Followed,
): Promise<void> {
  const { store, connect } = parts;
  const keys = new Map(referrals.map(({ id }) => [partKey(id, 'task'), id]));
  const rows = await store.references.find([tenant], serverId, [...keys.keys()]);
  const tasks = rows.filter(({ type }) => type === 'Task'); // those not relayed yet have none
  if (tasks.length === 0) return;
  const results = await connect(serverId).readMany(
    tasks.map(({ localId }) => ({ type: 'Task', id: localId })),
  );
  for (const [index, result] of results.entries()) {
    const referral = keys.get(tasks[index]!.key)!;
    followed.checked += 1;
    if (result.state !== 'found') {
      const message = 'La tâche de cette demande a disparu du serveur du destinataire.';
      followed.problems.push({ referral, server: serverId, message });
      continue;
    }
    const { moved, problem } = await store.transaction((tx) =>
      mirror(tx, tenant, referral, result.resource as unknown as Task, parts),
    );
    const to = moved.at(-1);
    if (to) followed.moved.push({ referral, to });
    if (problem) followed.problems.push({ referral, server: serverId, message: problem });
  }
}
