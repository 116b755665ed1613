/** Arguments of each operation as JSON Schema: what the admin endpoint accepts, and what its OpenAPI description states. */
import type { Operations } from '../../operations.ts';

type Property =
  | { type: 'string'; format?: 'date'; minLength?: number; maxLength?: number }
  | { type: 'boolean' }
  | { type: 'integer'; minimum: number; maximum: number }
  | { type: 'object' };

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
const planned = {
  server: text,
  network: text,
  at: { type: 'string', format: 'date' },
  refresh: flag,
} as const;

function schema(properties: Record<string, Property>, ...required: string[]): ArgumentSchema {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** One entry for each operation; the type makes a forgotten one an error of compilation. */
export const operationSchemas: Readonly<Record<keyof Operations, ArgumentSchema>> = {
  plan: schema(planned),
  apply: schema({ ...planned, confirm: flag }),
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
