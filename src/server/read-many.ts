/** Many reads in few requests: batches of GETs (FHIR R4 §3.1.0.11), single reads where the server refuses batches. */
import { isGatewayError, type GatewayError } from '../fhir/error.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { CalledServer } from './called-server.ts';
import { found, readResource } from './read.ts';
import { resourcePath } from './service-address.ts';
import type { EachRead, ReadResult } from './types.ts';
import { wrongAnswer } from './wrong-answer.ts';

type Wanted = { type: string; id: string };

/** Reads in one batch. */
const batchSize = 64;

/** Same order as asked. */
export async function readMany(server: CalledServer, wanted: readonly Wanted[]): Promise<ReadResult[]> {
  return inBatches(server, wanted, ({ type, id }) => readResource(server, type, id));
}

/** Failures in a row, of those that a server that is away gives, after which none more is asked for. */
const mostFailures = 3;

/** As `readMany`; a resource that alone cannot be read is told as such. Throws where the server itself is away. */
export async function readEach(server: CalledServer, wanted: readonly Wanted[]): Promise<EachRead[]> {
  const away: GatewayError[] = [];
  let answered = false;
  const results = await inBatches<EachRead>(server, wanted, async ({ type, id }, inBatch) => {
    answered ||= inBatch;
    // Its batch came: it is there, and has trouble with this resource; the next look asks again.
    if (inBatch && away.length >= mostFailures) return { state: 'unread', error: away.at(-1)! };
    try {
      const result = await readResource(server, type, id);
      away.length = 0;
      answered = true;
      return result;
    } catch (error) {
      if (!isGatewayError(error) || error.category === 'unauthenticated') throw error;
      if (error.retryable) away.push(error);
      else answered = true;
      if (!inBatch && away.length >= mostFailures) throw error;
      return { state: 'unread', error };
    }
  });
  if (!answered && away.length > 0) throw away[0]!;
  return results;
}

/** `alone` reads what a batch did not give; `inBatch`: though the batch was answered. */
async function inBatches<Result>(
  server: CalledServer,
  wanted: readonly Wanted[],
  alone: (one: Wanted, inBatch: boolean) => Promise<Result>,
): Promise<(ReadResult | Result)[]> {
  const results: (ReadResult | Result)[] = [];
  let batches = wanted.length > 1;
  for (let at = 0; at < wanted.length; at += batchSize) {
    const some = wanted.slice(at, at + batchSize);
    const batch = batches ? await inOneBatch(server, some) : undefined;
    batches &&= batch !== undefined;
    for (const [i, one] of some.entries()) {
      results.push(batch?.[i] ?? (await alone(one, batch !== undefined)));
    }
  }
  return results;
}

/** Undefined when the server does not do batches; a hole where an entry failed in a way only a single read explains. */
async function inOneBatch(
  { id, call }: CalledServer,
  wanted: readonly Wanted[],
): Promise<(ReadResult | undefined)[] | undefined> {
  const entry = wanted.map((one) => ({ request: { method: 'GET', url: resourcePath(one.type, one.id) } }));
  const answer = await call({
    method: 'POST',
    path: '',
    body: { resourceType: 'Bundle', type: 'batch', entry },
    effect: 'read',
  }).catch((error: unknown) => {
    if (isGatewayError(error) && refusals.has(error.category)) return undefined;
    throw error;
  });
  if (!answer) return undefined;
  const { type, entry: answered } = answer.body;
  if (type !== 'batch-response' || !Array.isArray(answered) || answered.length !== wanted.length) {
    throw wrongAnswer(id, 'sa réponse au lot de lectures n’a pas une entrée par lecture');
  }
  return wanted.map((one, i) => result(id, one, answered[i]));
}

const refusals: ReadonlySet<string> = new Set([
  'not-supported',
  'not-found',
  'invalid',
  'unprocessable',
  'forbidden',
]);

function result(server: string, { type, id }: Wanted, entry: unknown): ReadResult | undefined {
  const { response, resource } = (entry ?? {}) as {
    response?: { status?: string; etag?: string; outcome?: { resourceType?: string } };
    resource?: AnyResource;
  };
  const status = Number.parseInt(response?.status ?? '', 10);
  if (status === 200 && resource?.resourceType === type && resource.id === id)
    return found(server, resource, type, id, response?.etag);
  if (status === 404) return { state: 'missing' };
  if (status === 410) return { state: 'deleted' };
  return undefined;
}
