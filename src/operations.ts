/**
 * What a running gateway can be asked to do: the command line calls these in its own process or, beside a gateway that
 * owns the embedded database (rule 9), over the admin endpoint. Arguments and answers are therefore plain JSON.
 */
import type { Issue } from './fhir/issue.ts';

export type PlanArguments = { server?: string; network?: string; at?: string; refresh?: boolean };

export type FieldChange = { path: string; before: string; after: string; source?: string };

export type PlannedChange = {
  server: string;
  network: string;
  type: string;
  key: string;
  name: string;
  op: 'create' | 'update' | 'close' | 'adopt' | 'blocked' | 'unchanged';
  fields: FieldChange[];
  reason?: string;
};

export type ServerPlan = {
  server: string;
  counts: Record<PlannedChange['op'], number>;
  changes: PlannedChange[];
  /** What cannot be decided by us: unreachable server, twins of another owner. */
  issues: Issue[];
};

export type Plan = {
  id: string;
  at: string;
  networks: { id: string; kind: string; name: string }[];
  servers: ServerPlan[];
  issues: Issue[];
};

export type ApplyResult = {
  run: string;
  servers: { server: string; written: number; parked: number; waiting: number }[];
  plan: Plan;
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

export type ReferralSummary = {
  id: string;
  network: string;
  state: string;
  order: string;
  acceptedAt: string;
  closedAt?: string;
};

export type TimelineEntry = { at: string; kind: string; actor: string; detail: unknown };

export type Operations = {
  plan(args: PlanArguments): Promise<Plan>;
  apply(args: PlanArguments & { confirm?: boolean }): Promise<ApplyResult>;
  history(args: { limit?: number }): Promise<RunSummary[]>;
  reconcile(args: { server?: string; repair?: boolean }): Promise<ReconcileResult>;
  referralList(args: { state?: string }): Promise<ReferralSummary[]>;
  referralShow(args: {
    id: string;
  }): Promise<ReferralSummary & { timeline: TimelineEntry[]; deliveries: unknown[] }>;
  referralSend(args: { bundle: unknown; client: string }): Promise<unknown>;
  referralRetry(args: { id: string }): Promise<{ requeued: number }>;
  documentShow(args: { id: string }): Promise<unknown>;
  documentSend(args: { document: unknown; client: string }): Promise<unknown>;
  serverList(args: Record<string, never>): Promise<unknown[]>;
  serverProbe(args: { id?: string }): Promise<unknown[]>;
  scheduleList(args: Record<string, never>): Promise<unknown[]>;
  scheduleRun(args: { job: string }): Promise<unknown>;
  schedulePause(args: { job: string; paused: boolean }): Promise<unknown>;
  doctor(args: Record<string, never>): Promise<{ checks: { name: string; ok: boolean; message: string }[] }>;
};
