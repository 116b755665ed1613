/** Configuration: one `passerelle.yaml`, read once, checked fully, every fault reported with line and column, then frozen. */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../schemas/passerelle.schema.json' with { type: 'json' };
import { crossCheck } from './config-cross-check.ts';
import { formIssue } from './config-faults.ts';
import { resolveSecrets } from './config-secrets.ts';
import { GatewayError } from './fhir/error.ts';
import { hasErrors, type Issue } from './fhir/issue.ts';
import { readYaml } from './mapping/read-yaml.ts';

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
  /** Referrals placed in its own list of Tasks are fetched, in the name of its client with role `placer`. */
  collect?: boolean;
  /**
   * Documents reach it as IHE MHD submissions: `true`, each with its List in a transaction (ITI-65); `simplified`, each as one
   * DocumentReference with the content inside (ITI-105).
   */
  submissions?: boolean | 'simplified';
  /** What it says when it calls `/notify/<id>`; absent: it does not. */
  notifySecret?: string;
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
  /** Business keys of further structures and professionals it acts for; those of its server are `homeOf` there. */
  actsFor?: Key[];
  roles: ('placer' | 'fulfiller' | 'reader' | 'admin')[];
  /** Where it is told that a referral changed. */
  notify?: { endpoint: string; notifySecret: string };
  /** Origins (`https://host:port`) that its Subscriptions may name as endpoint; absent: it may have none. */
  subscriptions?: { origins: string[] };
};

export type ScheduleConfig = { job: string; cron: string; zone: string };

export type FranceConfig = {
  /** Edition of the categories of structures in FINESS. */
  categories: 'R66' | 'R397';
  /** Version of FR Core that `claim` names. */
  frCore: '2.1' | '2.2';
  /** Whether `meta.profile` names the French profile, with its version, beside ours. */
  claim: boolean;
};

/** A directory somewhere else; `base` and `files` as the source's reader wants them: no slash at the end, absolute. */
export type DirectorySourceConfig =
  AnnuaireSourceConfig | FileSourceConfig | RorSourceConfig | McsdSourceConfig;

export type AnnuaireSourceConfig = {
  id: string;
  kind: 'annuaire';
  base: string;
  /** Value of the key header. */
  key: string;
  perSecond: number;
  perMinute: number;
  pageSize: number;
  /** Origins, beside that of `base`, that a `next` link may lead to (P-6). */
  origins: string[];
};

/** `files`: absolute; a `*` may stand in the name of the file. */
export type FileSourceConfig = { id: string; kind: 'extract' | 'finess'; files: string[] };

export type RorSourceConfig = {
  id: string;
  kind: 'ror';
  /** As of other files: the slices of one export. */
  files: string[];
  /** As of an mCSD server. */
  authority: string[];
};

export type McsdSourceConfig = {
  id: string;
  kind: 'mcsd';
  base: string;
  auth: ServerAuth;
  /** Identifiers it may speak for: `system` or `system|beginning of the value`; empty: all (P-14). */
  authority: string[];
};

export type DirectoryConfig = {
  /** First the source that ranks first. */
  sources: DirectorySourceConfig[];
  /** What a synchronisation may change, close or miss unconfirmed: this share of what a source holds, or this many records. */
  brake: { share: number; freely: number };
};

/** Where messages for MSSanté mailboxes go, and who is reached through it. Exactly one of `folder` and `smtp`. */
export type MssanteConfig = {
  /** From which an MSSanté connector takes messages. */
  folder?: string;
  smtp?: SmtpConfig;
  /** Address of the gateway's own mailbox. */
  sender: string;
  /** Business keys of a professional or organisation, and their mailbox. */
  mailboxes: { of: Key[]; address: string }[];
};

/** The message submission server of an MSSanté operator (RFC 6409), always over TLS. */
export type SmtpConfig = {
  host: string;
  port: number;
  /** TLS from the first byte (RFC 8314), or after STARTTLS, which is then demanded. */
  tls: 'implicit' | 'starttls';
  user?: string;
  password?: string;
  /** PEM files: authorities beside those of the system, and the certificate (with its key) that names the gateway. */
  caFile?: string;
  certFile?: string;
  keyFile?: string;
};

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
  /** Which French terminologies and profiles resources are written with (docs/decisions/0024, 0025). */
  france: FranceConfig;
  /** What may change or close at a server unconfirmed: this share of what is in use there, or this many resources. */
  brake: { share: number; freely: number };
  directory: DirectoryConfig;
  /** Absent: nobody is reached by MSSanté. */
  mssante?: MssanteConfig;
};

/** The environment, for what a secret may refer to and for `DATABASE_URL`; nothing else of the program reads it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const processEnvironment: Environment = process.env;

/** Reads and checks a configuration file; throws one GatewayError that carries every fault. */
export function loadConfig(file: string, environment: Environment = processEnvironment): Config {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new GatewayError({
      category: 'invalid',
      side: 'gateway',
      message: `Configuration introuvable ou illisible : ${file}. Nommez la vôtre avec --config, ou écrivez-la ici (exemple : README.md).`,
      cause,
    });
  }
  const { config, issues } = readConfig(text, file, environment);
  if (!config || hasErrors(issues)) {
    throw new GatewayError({
      category: 'invalid',
      side: 'gateway',
      message: `Configuration refusée : ${issues.length} faute(s) dans ${file}`,
      issues,
    });
  }
  return config;
}

/** The configuration a text describes, or all its faults at once. Paths in it are relative to its file. */
export function readConfig(
  text: string,
  file: string,
  environment: Environment,
): { config?: Config; issues: Issue[] } {
  const { document, issues: syntax } = readYaml(text, file);
  if (!document) return { issues: syntax };
  const ajv = new Ajv2020({
    ...{ allErrors: true, verbose: true, useDefaults: true, discriminator: true, strict: false },
    validateSchema: false, // our own file, held to be a JSON Schema by its test: checking it costs most of the time
  });
  const valid = ajv.validate(schema, document.data);
  const issues = valid ? [] : (ajv.errors ?? []).map((error) => formIssue(error, document));
  const resolved = resolveSecrets(document, environment, dirname(file), issues);
  if (hasErrors(issues)) return { issues };
  const config = shape(resolved as ConfigFile, dirname(file), environment);
  issues.push(...crossCheck(config, document));
  return hasErrors(issues) ? { issues } : { config: Object.freeze(config), issues };
}

/** The file's own form, defaults filled in by the schema. */
type ConfigFile = Omit<Config, 'databaseUrl' | 'clients' | 'servers'> & {
  database?: { url: string };
  servers: (Omit<ServerConfig, 'name'> & { name?: string })[];
  clients: (Omit<ClientConfig, 'tenant'> & { tenant?: string })[];
};

function shape(read: ConfigFile, folder: string, environment: Environment): Config {
  const { database, ...rest } = read;
  const at = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const sourceAt = (source: DirectorySourceConfig): DirectorySourceConfig =>
    'files' in source
      ? { ...source, files: source.files.map(at) }
      : { ...source, base: source.base.replace(/\/+$/, '') };
  const databaseUrl = database?.url ?? environment['DATABASE_URL'];
  return {
    ...rest,
    folder: at(read.folder),
    // 2.1 and '2.1' are one version, whatever YAML makes of it
    france: { ...read.france, frCore: `${read.france.frCore}` },
    ...(databaseUrl ? { databaseUrl } : {}),
    networks: read.networks.map(at),
    servers: read.servers.map((server) => ({
      ...server,
      name: server.name ?? server.id,
      base: server.base.replace(/\/+$/, ''),
      ...(server.caFile ? { caFile: at(server.caFile) } : {}),
    })),
    ...(read.mssante ? { mssante: mailAt(read.mssante, at) } : {}),
    directory: { ...read.directory, sources: read.directory.sources.map(sourceAt) },
    clients: read.clients.map((client) => ({ ...client, tenant: client.tenant ?? read.tenant })),
  };
}

function mailAt({ folder, smtp, ...rest }: MssanteConfig, at: (path: string) => string): MssanteConfig {
  const files = (['caFile', 'certFile', 'keyFile'] as const).flatMap((name) => {
    const path = smtp?.[name];
    return path === undefined ? [] : [[name, at(path)] as const];
  });
  return {
    ...rest,
    ...(folder === undefined ? {} : { folder: at(folder) }),
    ...(smtp ? { smtp: { ...smtp, ...Object.fromEntries(files) } } : {}),
  };
}
