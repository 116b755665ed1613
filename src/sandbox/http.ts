/** The hospital over HTTP: body and headers in, one interaction, answer out. */
import express, { type Request, type Response } from 'express';
import { type Answer, Refusal, refused } from './answer.ts';
import { runBundle } from './bundles.ts';
import type { FaultHook } from './fault.ts';
import type { Gate } from './gate.ts';
import { perform } from './perform.ts';
import { rawBinary, wantsRaw } from './raw-binary.ts';
import type { Records } from './records.ts';
import { addressOf, type FhirRequest } from './request.ts';
import { plain, send } from './send.ts';
import type { Traffic } from './traffic.ts';

/** Largest body accepted. */
const bodyLimit = '64mb';

export type HttpParts = {
  records: Records;
  gate: Gate;
  traffic: Traffic;
  faults: () => FaultHook | undefined;
};

/** The express application, mounted at the path of the base. */
export function createApp({ records, gate, traffic, faults }: HttpParts): express.Express {
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(express.raw({ type: () => true, limit: bodyLimit }));
  app.use('/fhir', async (request: Request, response: Response) => {
    response.setHeader('date', new Date(records.now()).toUTCString());
    const path = request.url.replace(/^\//, '');
    const seen = {
      ...{ method: request.method, path, headers: request.headers, index: traffic.arrived() },
      get body() {
        return Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
      },
    };
    const fault = faults()?.(seen);
    if (fault?.kind === 'answer') return plain(response, fault);
    if (fault && 'when' in fault && fault.when === 'before') return send(response, { status: 200 }, fault);
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms).unref());
    send(response, await answerTo(request, path), fault);
  });
  app.use((error: unknown, _request: Request, response: Response, _next: unknown) => {
    const tooLarge = (error as { status?: unknown }).status === 413;
    send(response, refused(tooLarge ? new Refusal(413, 'too-long', 'The body is too large') : error));
  });
  return app;

  async function answerTo(request: Request, path: string): Promise<Answer> {
    try {
      const own = await gate(request, path);
      if (own) return own;
      const answer = carriedOut(request, path);
      return wantsMinimal(request) && !isBundle(answer) ? withoutBody(answer) : answer;
    } catch (error) {
      return refused(error);
    }
  }

  function carriedOut(request: Request, url: string): Answer {
    const read = bodyOf(request);
    const address = addressOf(url);
    if (request.method === 'POST' && address.path.length === 0) {
      traffic.count(isReadOnly(read) ? 'read' : 'write');
      return runBundle(records, read);
    }
    if (request.method === 'POST' && address.path[1] === '_search') {
      traffic.count('read');
      const search = [address.search, String(read)].filter(Boolean).join('&');
      const query = new URLSearchParams(search);
      return perform(records, { method: 'GET', path: [address.path[0]!], search, query });
    }
    traffic.count(request.method === 'GET' ? 'read' : 'write');
    const asked: FhirRequest = {
      method: request.method,
      ...address,
      resource: read,
      ifMatch: request.get('if-match'),
      ifNoneMatch: request.get('if-none-match'),
      ifNoneExist: request.get('if-none-exist'),
    };
    const answer = perform(records, asked);
    return wantsRaw(request, address.path) ? rawBinary(answer) : answer;
  }
}

/** JSON, a form, or the bytes of a Binary wrapped as one. */
function bodyOf(request: Request): unknown {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  const type = (request.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return bytes.toString('utf8');
  if (type === 'application/fhir+json' || type === 'application/json') {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      throw new Refusal(400, 'structure', 'The body is not JSON');
    }
  }
  if (/^\/?Binary(\/|\?|$)/.test(request.url)) {
    return { resourceType: 'Binary', contentType: type, data: bytes.toString('base64') };
  }
  throw new Refusal(415, 'not-supported', 'FHIR JSON is wanted');
}

function isReadOnly(body: unknown): boolean {
  const { type, entry } = (body ?? {}) as { type?: unknown; entry?: unknown };
  const entries = (Array.isArray(entry) ? entry : []) as ({ request?: { method?: unknown } } | null)[];
  return type === 'batch' && entries.every((one) => one?.request?.method === 'GET');
}

/** `Prefer: return=minimal` (RFC 7240) concerns writes alone. */
function wantsMinimal(request: Request): boolean {
  return /^(PUT|POST|PATCH)$/.test(request.method) && /return=minimal/.test(request.get('prefer') ?? '');
}

/** Batches, transactions and searches answer with a Bundle whatever is preferred. */
function isBundle({ body }: Answer): boolean {
  return /-response$|^searchset$/.test(String((body as { type?: unknown } | undefined)?.type));
}

function withoutBody({ status, headers }: Answer): Answer {
  return { status, ...(headers ? { headers } : {}) };
}
