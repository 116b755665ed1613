/** Arguments of each operation as JSON Schema: what the admin endpoint accepts, and what its OpenAPI description states. */
import type { Operations } from '../../operations.ts';

type Property =
  | { type: 'string'; format?: 'date'; minLength?: number; maxLength?: number }
  | { type: 'boolean' }
  | { type: 'integer'; minimum: number; maximum: number }
  | { type: 'object' }
  | { type: 'array'; maxItems: number; items: { type: 'string'; minLength: number; maxLength: number } };

/** The part of JSON Schema that arguments need; nothing beyond what is stated is accepted. */
export type ArgumentSchema = {
  type: 'object';
  additionalProperties: false;
  properties: Record<string, Property>;
  required: string[];
};

const text: Property = { type: 'string', minLength: 1, maxLength: 200 };
const flag: Property = { type: 'boolean' };
const body: Property = { type: 'object' };
const texts: Property = {
  type: 'array',
  maxItems: 1000,
  items: { type: 'string', minLength: 1, maxLength: 500 },
};
const planned = {
  server: text,
  network: text,
  at: { type: 'string', format: 'date' },
  refresh: flag,
  adopt: texts,
  release: texts,
} as const;
const back = { run: text, after: flag, server: text, confirm: flag, adopt: texts } as const;

function schema(properties: Record<string, Property>, ...required: string[]): ArgumentSchema {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** One entry for each operation; the type makes a forgotten one an error of compilation. */
export const operationSchemas: Readonly<Record<keyof Operations, ArgumentSchema>> = {
  plan: schema({ ...planned, versions: flag }),
  apply: schema({ ...planned, confirm: flag, expect: body }),
  resume: schema({ run: text }, 'run'),
  rollbackPlan: schema(back, 'run'),
  rollback: schema(back, 'run'),
  runShow: schema({ run: text }, 'run'),
  networkVersions: schema({ network: text }, 'network'),
  history: schema({ limit: { type: 'integer', minimum: 1, maximum: 1000 } }),
  reconcile: schema({ server: text, repair: flag }),
  referralList: schema({ state: text }),
  referralShow: schema({ id: text }, 'id'),
  referralSend: schema({ bundle: body, client: text }, 'bundle', 'client'),
  referralRetry: schema({ id: text }, 'id'),
  documentShow: schema({ id: text }, 'id'),
  documentSend: schema({ document: body, client: text }, 'document', 'client'),
  serverList: schema({}),
  serverProbe: schema({ id: text }),
  scheduleList: schema({}),
  scheduleRun: schema({ job: text }, 'job'),
  schedulePause: schema({ job: text, paused: flag }, 'job', 'paused'),
  doctor: schema({}),
};
