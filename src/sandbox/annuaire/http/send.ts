/** The one place where an answer becomes bytes, and where the quirks that touch bytes happen. */
import type { ServerResponse } from 'node:http';
import { type Answer, fhirJson } from './answer.ts';

/** What happens to the bytes; undefined: nothing. */
export type ByteQuirk = 'truncated-json' | 'wrong-content-length' | 'connection-reset' | undefined;

/** `date` is the directory's instant, ms. */
export function send(response: ServerResponse, answer: Answer, date: number, quirk?: ByteQuirk): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(
    typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? ''),
  );
  response.statusCode = answer.status;
  response.sendDate = false;
  response.setHeader('date', new Date(date).toUTCString());
  if (typeof answer.body === 'object') {
    response.setHeader('content-type', fhirJson['content-type']);
  }
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  const half = bytes.subarray(0, bytes.length >> 1);
  switch (quirk) {
    case 'truncated-json':
      response.setHeader('content-length', half.length);
      return void response.end(half);
    case 'wrong-content-length':
      response.setHeader('content-length', bytes.length + 1024);
      return void response.write(bytes, () => response.socket?.end());
    case 'connection-reset':
      response.setHeader('content-length', bytes.length);
      return void response.write(half, () => response.socket?.resetAndDestroy());
    default:
      response.setHeader('content-length', bytes.length);
      response.end(bytes);
  }
}
