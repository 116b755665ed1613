/** The one place where an answer becomes HTTP, and where the faults that touch answers happen. */
import type { Response } from 'express';
import type { Answer } from './answer.ts';
import type { Fault } from './fault.ts';

/** Writes the answer, or what the fault makes of it. */
export function send(response: Response, { status, headers = {}, body }: Answer, fault?: Fault): void {
  if (fault?.kind === 'silent') return silence(response, fault, body);
  if (fault?.kind === 'reset') return void response.socket?.resetAndDestroy();
  if (fault?.kind === 'instead') return plain(response, fault);
  response.status(status).set(headers);
  if (body === undefined) return void response.end();
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  if (!Buffer.isBuffer(body)) response.set('content-type', 'application/fhir+json; charset=utf-8');
  if (fault?.kind === 'truncate') return truncated(response, bytes, fault.how);
  response.set('content-length', String(bytes.length)).end(bytes);
}

/** An answer of a fault's own making. */
export function plain(
  response: Response,
  { status, headers, body }: { status: number; headers?: Record<string, string>; body?: string },
): void {
  response
    .status(status)
    .set({ 'content-type': 'text/html; charset=utf-8', ...headers })
    .end(body ?? '');
}

function truncated(response: Response, bytes: Buffer, how: 'short' | 'clean'): void {
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (how === 'clean') return void response.set('content-length', String(half.length)).end(half);
  response.set('content-length', String(bytes.length)).write(half, () => response.socket?.destroy());
}

function silence(response: Response, { when }: { when: string }, body: Answer['body']): void {
  if (when !== 'mid-answer') return;
  response.status(200).set({ 'content-type': 'application/fhir+json', 'content-length': '100000' });
  response.write(JSON.stringify(body ?? {}).slice(0, 20));
}
