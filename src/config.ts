/** Configuration: one `passerelle.yaml`, read once, checked fully, every fault reported with line and column, then frozen. */

/** `system|value` of an organisation, service or professional. */
type Key = string;

export type ServerAuth =
  | { kind: 'none' }
  | { kind: 'basic'; user: string; password: string }
  | { kind: 'smart'; clientId: string; tokenUrl?: string; privateKeyJwk: string; scope: string };

/** One hospital's FHIR server. */
export type ServerConfig = {
  id: string;
  name: string;
  /** Base URL without trailing slash. */
  base: string;
  auth: ServerAuth;
  /** Who chooses logical ids: we (PUT with our id) or the server (POST with If-None-Exist). */
  ids: 'client' | 'server';
  /** Business keys of the organisations, services and professionals whose records live on this server. */
  homeOf: Key[];
  /** Networks published there; absent: all. */
  networks?: string[];
  /** System of the hospital's own patient identifiers (IPP). */
  patientSystem?: string;
  /** PEM file of a certificate authority to trust besides the public ones. */
  caFile?: string;
  timeouts: { connectMs: number; answerMs: number; totalMs: number };
  maxConnections: number;
};

export type ClientAuth = { kind: 'basic'; password: string } | { kind: 'smart'; jwks: string };

/** A program allowed to call `/fhir` or `/admin/v1`. Its tenant comes from here and from nowhere else (rule 7). */
export type ClientConfig = {
  id: string;
  tenant: string;
  auth: ClientAuth;
  /** Server of the hospital that this client speaks for. */
  server?: string;
  roles: ('placer' | 'fulfiller' | 'reader' | 'admin')[];
};

export type ScheduleConfig = { job: string; cron: string; zone: string };

export type Config = {
  tenant: string;
  /** Folder of embedded parts, lock and secrets. */
  folder: string;
  /** PostgreSQL connection string; absent: embedded. */
  databaseUrl?: string;
  http: { host: string; port: number; publicBase?: string };
  networks: string[];
  servers: ServerConfig[];
  clients: ClientConfig[];
  schedules: ScheduleConfig[];
  limits: { bodyBytes: number; jsonDepth: number; bundleEntries: number };
  log: 'silent' | 'error' | 'warn' | 'info';
};
