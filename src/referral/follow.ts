/** Follows the Task of every open referral at its fulfiller's server, by polling (REF-08). */
import type { Task } from '../fhir/types.ts';
import type { Log } from '../log.ts';
import type { EachRead, FhirServer } from '../server/types.ts';
import type { Candidate } from '../store/candidates.ts';
import type { Referral } from '../store/referrals.ts';
import type { Store } from '../store/store.ts';
import { transferPart } from './ask-item.ts';
import { mostAsks, noteTransferAnswer } from './ask-transfer.ts';
import { isLive } from './candidate-state.ts';
import { followCircles } from './circle/follow-circles.ts';
import { noteAbort } from './end-withdrawn.ts';
import { isEnded, type TaskState } from './machine.ts';
import { mirror, type MirrorParts } from './mirror.ts';
import { candidatePart, partKey } from './names.ts';
import { oneByOne, problemOf } from './one-by-one.ts';
import { readProposal } from './proposal.ts';
import type { Read } from './seen-before.ts';

export type FollowParts = MirrorParts & {
  store: Store;
  connect: (serverId: string) => FhirServer;
  log: Log;
};

export type Followed = {
  /** Tasks read. */
  checked: number;
  /** Referrals whose Task moved. */
  moved: { referral: string; to: string }[];
  /** What could not be followed, in French. */
  problems: { referral: string | undefined; server: string; message: string }[];
};

/**
 * One pass over all servers, or one; one that does not answer is told and the others go on (P-34). A Task that cannot be
 * followed is told with its referral, and holds back no other (P-30).
 */
export async function followTasks(parts: FollowParts, tenant: string, only?: string): Promise<Followed> {
  const followed: Followed = { checked: 0, moved: [], problems: [] };
  const silent = new Set<string>();
  for await (const open of parts.store.referrals.open(tenant)) {
    const byId = new Map(open.map((one) => [one.id, one]));
    const candidates = await parts.store.candidates.of(tenant, [...byId.keys()]);
    const moving = candidates.filter((one) => canMove(byId.get(one.referralId)!, one));
    for (const [server, here] of Map.groupBy(moving, ({ serverId }) => serverId))
      await askedOf(server, () => followAt(parts, tenant, server, here, followed));
    const asks = await parts.store.circles.waiting(tenant, [...byId.keys()]);
    for (const [server, here] of Map.groupBy(asks, ({ serverId }) => serverId))
      await askedOf(server, () => followCircles(parts, tenant, server, here), `circles of ${server}`);
  }
  return followed;

  async function askedOf(server: string, follow: () => Promise<void>, what = server): Promise<void> {
    if ((only !== undefined && server !== only) || silent.has(server) || silent.has(what)) return; // told once a pass
    try {
      await follow();
    } catch (error) {
      silent.add(what);
      followed.problems.push(problemAt(parts, server, undefined, error));
    }
  }
}

function problemAt(
  { log }: FollowParts,
  server: string,
  referral: string | undefined,
  error: unknown,
): Followed['problems'][number] {
  return { referral, server, message: problemOf(log, 'referral.not-followed', { server }, error) };
}

/** Whoever has the referral can move until it has ended, the others until their own Task has. */
function canMove({ candidate, state }: Referral, one: Candidate): boolean {
  return candidate === one.n ? !isEnded(state as TaskState) : isLive(one);
}

/** Tasks of a candidate at its server: the coordination Task, the one that asks to stop it, those that ask to hand it over. */
const asks = Array.from({ length: mostAsks }, (_one, index) => index + 1);
const ownTasks = [
  { part: 'task' },
  { part: 'abort' },
  ...asks.map((ask) => ({ part: transferPart(ask), ask })),
];

async function followAt(
  parts: FollowParts,
  tenant: string,
  serverId: string,
  candidates: readonly Candidate[],
  followed: Followed,
): Promise<void> {
  const { store, connect } = parts;
  const keys = new Map(
    candidates.flatMap(({ referralId, n }) =>
      ownTasks.map(
        (own) =>
          [
            partKey(referralId, candidatePart(own.part, n)),
            { referralId, n, ask: undefined, ...own },
          ] as const,
      ),
    ),
  );
  const rows = await store.references.find([tenant], serverId, [...keys.keys()]);
  const tasks = rows.filter(({ type }) => type === 'Task'); // those not relayed yet have none
  if (tasks.length === 0) return;
  const asked = new Date(parts.clock.now());
  const results = await connect(serverId).readEach(
    tasks.map(({ localId }) => ({ type: 'Task', id: localId })),
  );
  const read = { asked, came: new Date(parts.clock.now()) };
  await oneByOne(
    store,
    results.entries(),
    ([index, result]) =>
      followOne(parts, tenant, serverId, { ...keys.get(tasks[index]!.key)!, read }, result, followed),
    ([index], error) => {
      const { referralId } = keys.get(tasks[index]!.key)!;
      followed.problems.push(problemAt(parts, serverId, referralId, error));
    },
  );
}

type OwnTask = { referralId: string; n: number; part: string; ask: number | undefined };

async function followOne(
  parts: FollowParts,
  tenant: string,
  serverId: string,
  { part, ask, ...which }: OwnTask & { read: Read },
  result: EachRead,
  followed: Followed,
): Promise<void> {
  const { referralId: referral } = which;
  if (part === 'task') followed.checked += 1;
  if (result.state === 'unread') {
    followed.problems.push(problemAt(parts, serverId, referral, result.error));
    return;
  }
  if (result.state !== 'found') {
    const message = 'La tâche de cette demande a disparu du serveur du destinataire.';
    if (part === 'task') followed.problems.push({ referral, server: serverId, message });
    return;
  }
  const task = result.resource as unknown as Task;
  if (ask !== undefined) return followTransfer(parts, tenant, serverId, { ...which, ask }, task);
  if (part === 'abort') return followAbort(parts, tenant, serverId, referral, task);
  const proposal = await readProposal(parts.connect(serverId), task);
  const { moved, problem } = await parts.store.transaction((tx) =>
    mirror(tx, tenant, { ...which, proposal }, task, parts),
  );
  const to = moved.at(-1);
  if (to) followed.moved.push({ referral, to });
  if (problem) followed.problems.push({ referral, server: serverId, message: problem });
}

/** The answer to a request to hand over: only a refusal is one by itself. */
async function followTransfer(
  { store, clock }: FollowParts,
  tenant: string,
  actor: string,
  { referralId, n, ask }: { referralId: string; n: number; ask: number },
  task: Task,
): Promise<void> {
  if (task.status !== 'rejected') return;
  const at = new Date(clock.now());
  await store.transaction(async (tx) => {
    const referral = await tx.referrals.lock(tenant, referralId);
    if (referral) await noteTransferAnswer(tx, referral, n, task, { actor, at, ask });
  });
}

/** The answer to a request to stop: agreed to or not, with its reason; the coordination Task says what came of it. */
async function followAbort(
  { store, clock }: FollowParts,
  tenant: string,
  serverId: string,
  referralId: string,
  { status, statusReason }: Task,
): Promise<void> {
  if (status === 'requested') return;
  const at = new Date(clock.now());
  await store.transaction(async (tx) => {
    const referral = await tx.referrals.lock(tenant, referralId);
    if (!referral || !(await noteAbort(tx, referral, status, at, statusReason))) return;
    const detail = { to: status };
    const event = { at, kind: 'abort-answered', actor: serverId, detail };
    await tx.referrals.addEvent(tenant, referralId, event);
  });
}
