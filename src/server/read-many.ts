/** Many reads in few requests: batches of GETs (FHIR R4 §3.1.0.11), single reads where the server refuses batches. */
import { isGatewayError } from '../fhir/error.ts';
import type { CalledServer } from './called-server.ts';
import { found, readResource } from './read.ts';
import { resourcePath } from './service-address.ts';
import type { ReadResult } from './types.ts';
import { wrongAnswer } from './wrong-answer.ts';

type Wanted = { type: string; id: string };

/** Reads in one batch. */
const batchSize = 64;

/** Same order as asked. */
export async function readMany(server: CalledServer, wanted: readonly Wanted[]): Promise<ReadResult[]> {
  const results: ReadResult[] = [];
  let batches = wanted.length > 1;
  for (let at = 0; at < wanted.length; at += batchSize) {
    const some = wanted.slice(at, at + batchSize);
    const batch = batches ? await inOneBatch(server, some) : undefined;
    batches &&= batch !== undefined;
    for (const [i, one] of some.entries()) {
      results.push(batch?.[i] ?? (await readResource(server, one.type, one.id)));
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
    resource?: { resourceType?: string };
  };
  const status = Number.parseInt(response?.status ?? '', 10);
  if (status === 200) return found(server, resource, type, id, response?.etag);
  if (status === 404) return { state: 'missing' };
  if (status === 410) return { state: 'deleted' };
  return undefined;
}
