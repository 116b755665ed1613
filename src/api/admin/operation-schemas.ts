/** Arguments of each operation as JSON Schema: what the admin endpoint accepts, and what its OpenAPI description states. */
import type { Operations } from '../../operations.ts';

/** The part of JSON Schema that an argument needs. */
export type ArgumentValue =
  | { type: 'string'; format?: 'date'; minLength?: number; maxLength?: number }
  | { type: 'boolean' }
  | { type: 'integer'; minimum: number; maximum: number }
  | { type: 'array'; maxItems: number; items: { type: 'string'; minLength: number; maxLength: number } }
  /** Any object. */
  | { type: 'object'; properties?: never; additionalProperties?: never }
  /** The caller's own names, each with a value of one form. */
  | { type: 'object'; maxProperties: number; additionalProperties: ArgumentValue; properties?: never }
  | ArgumentSchema;

/** Nothing beyond what is stated is accepted. */
export type ArgumentSchema = {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, ArgumentValue>;
  required: string[];
};

const text: ArgumentValue = { type: 'string', minLength: 1, maxLength: 200 };
const sentence: ArgumentValue = { type: 'string', minLength: 1, maxLength: 1000 };
const flag: ArgumentValue = { type: 'boolean' };
const date: ArgumentValue = { type: 'string', format: 'date' };
const body: ArgumentValue = { type: 'object' };
const texts: ArgumentValue = {
  type: 'array',
  maxItems: 1000,
  items: { type: 'string', minLength: 1, maxLength: 500 },
};
const named = (additionalProperties: ArgumentValue, maxProperties: number): ArgumentValue => ({
  ...{ type: 'object', maxProperties, additionalProperties },
});
const syncRun: ArgumentValue = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
const planned = { server: text, network: text, at: date, refresh: flag, adopt: texts, release: texts };
const back = { run: text, after: flag, server: text, confirm: flag, adopt: texts };

/** Id and ground of a kept plan: digests by network, by server what is deployed and the version of each resource. */
const expected = schema(
  {
    id: text,
    ground: schema(
      {
        ...{ day: date, config: text, networks: named(text, 100_000) },
        servers: named(
          schema({ deployed: text, versions: named(text, 1_000_000) }, 'deployed', 'versions'),
          10_000,
        ),
      },
      ...['day', 'config', 'networks', 'servers'],
    ),
  },
  ...['id', 'ground'],
);

const upTo = (maximum: number): ArgumentValue => ({ type: 'integer', minimum: 1, maximum });

function schema(properties: Record<string, ArgumentValue>, ...required: string[]): ArgumentSchema {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** One entry for each operation; the type makes a forgotten one an error of compilation. */
export const operationSchemas: Readonly<Record<keyof Operations, ArgumentSchema>> = {
  plan: schema({ ...planned, versions: flag }),
  apply: schema({ ...planned, confirm: flag, expect: expected }),
  resume: schema({ run: text }, 'run'),
  rollbackPlan: schema(back, 'run'),
  rollback: schema(back, 'run'),
  runShow: schema({ run: text }, 'run'),
  networkVersions: schema({ network: text }, 'network'),
  history: schema({ limit: { type: 'integer', minimum: 1, maximum: 1000 } }),
  reconcile: schema({ server: text, repair: flag }),
  referralList: schema({ state: text, overdue: flag, unrouted: flag }),
  referralShow: schema({ id: text }, 'id'),
  referralSend: schema({ bundle: body, client: text }, 'bundle', 'client'),
  referralRetry: schema({ id: text }, 'id'),
  referralPropose: schema({ id: text, limit: upTo(100), within: upTo(2000) }, 'id'),
  referralStats: schema({ network: text, from: date, to: date }),
  referralAbort: schema({ id: text, reason: text }, 'id'),
  referralAssign: schema({ id: text, to: text, by: text }, 'id', 'to', 'by'),
  referralTransfer: schema({ id: text, to: text, by: text, reason: text }, 'id', 'to', 'by'),
  referralProposal: schema({ id: text, accept: flag, by: text }, 'id', 'accept', 'by'),
  referralClose: schema({ id: text, by: text }, 'id', 'by'),
  documentShow: schema({ id: text, client: text }, 'id'),
  documentSend: schema({ document: body, client: text }, 'document', 'client'),
  directoryFind: schema({ text, commune: text, limit: upTo(1000) }, 'text'),
  directoryShow: schema({ key: text }, 'key'),
  directoryMatch: schema({ network: text }),
  directoryNearest: schema(
    {
      profession: text,
      speciality: text,
      commune: text,
      newPatients: flag,
      limit: upTo(100),
      within: upTo(2000),
    },
    ...['profession', 'commune'],
  ),
  directoryDecide: schema(
    { decision: text, n: upTo(1_000_000), key: text, network: text },
    'decision',
    'n',
    'key',
  ),
  directoryFindings: schema({ state: text }),
  directoryTolerate: schema({ key: text, kind: text, reason: sentence, until: date, undo: flag }, 'key'),
  serverList: schema({}),
  serverProbe: schema({ id: text }),
  scheduleList: schema({}),
  scheduleRun: schema({ job: text }, 'job'),
  schedulePause: schema({ job: text, paused: flag }, 'job', 'paused'),
  sync: schema({ sources: texts, full: flag, planOnly: flag, confirm: flag }),
  syncApply: schema({ run: syncRun, confirm: flag }, 'run'),
  syncHistory: schema({ limit: { type: 'integer', minimum: 1, maximum: 1000 }, source: text }),
  syncShow: schema(
    { run: syncRun, limit: { type: 'integer', minimum: 1, maximum: 1000 }, after: text },
    'run',
  ),
  syncRollbackPlan: schema({ run: syncRun }, 'run'),
  syncRollback: schema({ run: syncRun, confirm: flag }, 'run'),
  syncSources: schema({}),
  syncReport: schema({ run: syncRun }, 'run'),
  syncKey: schema({}),
  doctor: schema({}),
};
