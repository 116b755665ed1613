/** What the HTTP edge is given and what it hands on; `gateway.ts` wires the rooms behind these types. */
import type { ClientConfig } from '../config.ts';
import type { DocumentReading } from '../document/access/reading.ts';
import type { Issue } from '../fhir/issue.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';

/** What a client is for; decides what it may do. */
export type Role = ClientConfig['roles'][number];

/** A SMART system scope taken apart: letters are those of SMART v2 (c r u d s); `*` stands for every type. */
export type Scope = { type: string; letters: string };

/** Who calls, once authenticated. The tenant comes from the credential and from nowhere else (rule 7). */
export type Caller = {
  /** Configured client id; `owner` for the command line of the folder's owner. */
  client: string;
  tenant: string;
  /** Server of the hospital the client speaks for. */
  server: string | undefined;
  /** Structures and professionals it acts for besides those whose records its server keeps. */
  actsFor: readonly BusinessKey[];
  roles: readonly Role[];
  scopes: readonly Scope[];
};

/** What every handler knows of a request. */
export type RequestContext = { caller: Caller; requestId: string };

/** What a handler answers; the edge adds `ETag`, `Last-Modified` and, for 201, `Location` from the resource. */
export type Answer = {
  status: number;
  resource?: AnyResource;
  /** Bytes to send as they are, in place of a resource. */
  raw?: { contentType: string; bytes: Buffer };
  /** The version that the client has already (304): only its headers are sent. */
  unchanged?: AnyResource;
};

/** A resource as posted: validated, with the very bytes it came in. */
export type Posted = { resource: AnyResource; raw: Buffer };

/**
 * A write of the clinical exchange. It resolves only after its commit and writes its own audit row in the same
 * transaction; it throws a GatewayError, and then the edge records the refusal.
 */
export type Write = (context: RequestContext, posted: Posted) => Promise<Answer>;

/** An update of `Type/id`; `ifMatch` is the version the client holds, absent when it names none (CORE-03). */
export type Update = (
  context: RequestContext,
  posted: Posted & { id: string; ifMatch: number | undefined },
) => Promise<Answer>;

/** A removal of `Type/id`; done again it answers the same. */
export type Remove = (context: RequestContext, id: string) => Promise<Answer>;

/** `$status` and `$events` of the caller's own subscriptions (Subscriptions R5 Backport). */
export type SubscriptionQueries = {
  status: (
    context: RequestContext,
    asked: { id?: string; ids?: readonly string[]; statuses?: readonly string[] },
  ) => Promise<Answer>;
  events: (
    context: RequestContext,
    asked: { id: string; since?: string; until?: string; content?: string },
  ) => Promise<Answer>;
};

/** `PlanDefinition/:id/$apply` (CORE-16): the key of the protocol and the operation's parameters as sent. */
export type Apply = (
  context: RequestContext,
  asked: { planDefinition: string; subject: string | undefined; parameters: AnyResource | undefined },
) => Promise<Answer>;

/** The rooms behind the writes of `/fhir`. */
export type Exchange = {
  /** Referral: a transaction Bundle. */
  acceptTransaction: Write;
  /** Document with metadata (ITI-65): a transaction Bundle around a submission set. */
  receiveSubmission: Write;
  /** Synthesis: a document Bundle. */
  receiveDocument: Write;
  /**
   * Creates by resource type: a document in its metadata (DocumentReference, ITI-105), a consultation held (Encounter),
   * a request to stop (Task), a Subscription.
   */
  create: Readonly<Record<string, Write>>;
  /** Updates by resource type; a type without one is stated without update. */
  update: Readonly<Record<string, Update>>;
  /** Removals by resource type. */
  remove: Readonly<Record<string, Remove>>;
  subscriptions: SubscriptionQueries;
  apply: Apply;
  /** Who may read which document. */
  reading: DocumentReading;
};

/** Checks a resource against R4, our profiles (its own, or those named) and references. Messages hold no values. */
export type Validate = (
  resource: AnyResource,
  profiles?: readonly string[],
) => readonly Issue[] | Promise<readonly Issue[]>;

/** What must have happened before traffic may come (P-41); `name` is shown, never data. */
export type Readiness = () => Promise<{ ready: boolean; checks: { name: string; ok: boolean }[] }>;

/** PHI-free description of what an audited request touched. */
export type AuditEntity = { [name: string]: Json };
