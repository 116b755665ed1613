/**
 * What a running gateway can be asked to do: the command line calls these in its own process or, beside a gateway that
 * owns the embedded database (rule 9), over the admin endpoint. Arguments and answers are therefore plain JSON.
 */
import type {
  KeptFinding,
  MatchDecisionArguments,
  MatchResult,
  NearestArguments,
  NearestResult,
  RecordDetail,
  RecordSummary,
  TolerateArguments,
} from './directory/told.ts';
import type { DirectoryOperations } from './directory-operations.ts';
import type { ReferralOperations } from './referral-operations.ts';
import type { Issue } from './fhir/issue.ts';

export type PlanArguments = {
  server?: string;
  network?: string;
  /** YYYY-MM-DD. */
  at?: string;
  /** Also reads what the servers say now. */
  refresh?: boolean;
  /** Business keys of what may be adopted; `*`: all that is proposed. */
  adopt?: string[];
  /** Networks that were rolled back and follow their files again. */
  release?: string[];
};

/** `source` is `file:line` of the network's file. */
export type FieldChange = { path: string; before: string; after: string; source?: string };

export type PlannedChange = {
  server: string;
  network: string;
  type: string;
  key: string;
  name: string;
  /** `release`: adopted once, given back as it was before. */
  op: 'create' | 'update' | 'close' | 'adopt' | 'release' | 'blocked' | 'unchanged';
  fields: FieldChange[];
  /** `file:line` of what describes it. */
  source?: string;
  reason?: string;
};

/** What somebody else did at the server to a resource of ours, told apart from what the networks want. */
export type DriftedResource = {
  type: string;
  key: string;
  name: string;
  network: string;
  kind: 'changed' | 'deleted' | 'missing';
  /** Changed there and not by the networks. */
  theirs: FieldChange[];
  /** Changed by the networks and not there. */
  ours: FieldChange[];
  /** Changed by both: `before` was deployed, `after` the networks want, `actual` is there. */
  conflicts: (FieldChange & { actual: string })[];
};

export type PlanCounts = Record<PlannedChange['op'], number>;

export type ServerPlan = {
  server: string;
  counts: PlanCounts;
  /** The same, by network. */
  networks: { network: string; counts: PlanCounts }[];
  changes: PlannedChange[];
  /** With `refresh`: what differs from what we wrote there. */
  drift: DriftedResource[];
  /** What cannot be decided by us: unreachable server, twins of another owner. */
  issues: Issue[];
};

/** A network that was rolled back: it stays as it was before a run, whatever its unchanged file says. */
export type HeldNetwork = {
  network: string;
  /** The run before which its state is, and the run that brought it back. */
  beforeRun: string;
  run: string;
  since: string;
  /** What publishing its file would change, server by server; absent when the file could not be read. */
  differences?: PlannedChange[];
};

/** What a plan stands on; when one of it moved, the plan is no longer what would happen. */
export type PlanGround = {
  /** Day, networks' sources, program and what it knows, configuration: each by name. */
  day: string;
  config: string;
  networks: Record<string, string>;
  /** By server: digest of what is deployed, and the version there of each resource that the plan touches. */
  servers: Record<string, { deployed: string; versions: Record<string, string> }>;
};

export type Plan = {
  /** Hash of all that it would do. */
  id: string;
  at: string;
  networks: { id: string; kind: string; name: string; file: string }[];
  servers: ServerPlan[];
  held: HeldNetwork[];
  ground: PlanGround;
  issues: Issue[];
};

/** A plan kept in a file: what was asked, what was found. */
export type SavedPlan = { passerelle: 'plan'; args: PlanArguments; plan: Plan };

export type ApplyArguments = PlanArguments & {
  /** Lets a large change pass the brake. */
  confirm?: boolean;
  /** Refuses when the plan of now is not this one. */
  expect?: Pick<Plan, 'id' | 'ground'>;
};

export type ApplyResult = {
  run: string;
  servers: { server: string; written: number; parked: number; waiting: number }[];
  plan: Plan;
};

export type RollbackArguments = {
  /** The run to undo, with all that came after it. */
  run: string;
  /** Keep that run, undo only what came after it. */
  after?: boolean;
  server?: string;
  confirm?: boolean;
  adopt?: string[];
};

/** What a run did, resource by resource. */
export type RunDetail = RunSummary & {
  servers: {
    server: string;
    written: number;
    parked: number;
    waiting: number;
    /** Taken over by a newer run. */
    setAside: number;
    /** Why something of it is not written. */
    reasons: { resource: string; message: string }[];
  }[];
  changes: PlannedChange[];
};

export type RunSummary = {
  id: string;
  kind: string;
  status: string;
  actor: string;
  startedAt: string;
  finishedAt?: string;
  summary: unknown;
};

/** A version of a network that was published; `content` is null when an older release did not keep it. */
export type DescribedVersion = {
  id: string;
  version: number;
  kind: string;
  name: string;
  file: string;
  sourceHash: string;
  loadedAt: string;
  source: string;
  content: unknown;
};

/** One difference of two descriptions; `before` and `after` are places (`file:line`), of what is gone and of what is new. */
export type NetworkDifference = {
  /** `joined` and `left` are items of lists. */
  kind: 'joined' | 'left' | 'changed';
  /** Names of fields and ids of items from the top, e.g. `etablissements`, `ch-versailles`, `nom`. */
  path: string[];
  /** What the item is called, where it has a name. */
  name?: string;
  from?: string;
  to?: string;
  before?: string;
  after?: string;
};

export type DriftKind = 'changed' | 'deleted' | 'missing' | 'twin';

export type Drift = {
  server: string;
  type: string;
  key: string;
  localId: string;
  kind: DriftKind;
  /** Fields somebody else changed; empty for a deletion. */
  fields: FieldChange[];
  state: 'open' | 'repaired';
};

export type ClinicalGap = {
  referral: string;
  server: string;
  kind: string;
  since: string;
  reason: string;
  until?: string;
};

export type ReconcileResult = {
  run: string;
  servers: { server: string; checked: number; method: string; error?: string }[];
  drift: Drift[];
  /** Accepted items without a receipt yet, each with why and until when. */
  clinical: ClinicalGap[];
  repaired: number;
};

export type Operations = DirectoryOperations &
  ReferralOperations & {
    /** `versions`: notes the versions at the servers of all that it touches, for a plan that is kept. */
    plan(args: PlanArguments & { versions?: boolean }): Promise<Plan>;
    apply(args: ApplyArguments): Promise<ApplyResult>;
    /** Sends again what was set aside of a run, and waits for all that is left of it. */
    resume(args: { run: string }): Promise<Omit<ApplyResult, 'plan'>>;
    rollbackPlan(args: RollbackArguments): Promise<Plan>;
    rollback(args: RollbackArguments): Promise<ApplyResult>;
    history(args: { limit?: number }): Promise<RunSummary[]>;
    runShow(args: { run: string }): Promise<RunDetail>;
    /** Versions of a network that were published, newest first. */
    networkVersions(args: { network: string }): Promise<DescribedVersion[]>;
    reconcile(args: { server?: string; repair?: boolean }): Promise<ReconcileResult>;
    /** `client`: says as well whether that client may read it now, and why not. */
    documentShow(args: { id: string; client?: string }): Promise<unknown>;
    documentSend(args: { document: unknown; client: string }): Promise<unknown>;
    directoryFind(args: { text: string; commune?: string; limit?: number }): Promise<RecordSummary[]>;
    directoryShow(args: { key: string }): Promise<RecordDetail>;
    /** Without `network` what is found is kept as findings. */
    directoryMatch(args: { network?: string }): Promise<MatchResult>;
    directoryNearest(args: NearestArguments): Promise<NearestResult>;
    directoryDecide(args: MatchDecisionArguments): Promise<{ item: string; key: string; decision: string }>;
    /** Findings of the last matching of all networks; without `state` those that are open or tolerated. */
    directoryFindings(args: { state?: string }): Promise<KeptFinding[]>;
    directoryTolerate(args: TolerateArguments): Promise<KeptFinding>;
    serverList(args: Record<string, never>): Promise<unknown[]>;
    serverProbe(args: { id?: string }): Promise<unknown[]>;
    scheduleList(args: Record<string, never>): Promise<unknown[]>;
    scheduleRun(args: { job: string }): Promise<unknown>;
    schedulePause(args: { job: string; paused: boolean }): Promise<unknown>;
    doctor(
      args: Record<string, never>,
    ): Promise<{ checks: { name: string; ok: boolean; message: string }[] }>;
  };
