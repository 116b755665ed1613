/** A Binary read by whoever does not ask for FHIR gets its bytes (FHIR R4 §3.1.0.1.2.1). */
import type { Request } from 'express';
import type { Answer } from './answer.ts';

/** True for a read of a Binary whose Accept names no FHIR JSON. */
export function wantsRaw(request: Request, path: readonly string[]): boolean {
  const accept = request.get('accept') ?? '*/*';
  return (
    request.method === 'GET' &&
    path[0] === 'Binary' &&
    path.length >= 2 &&
    !/application\/fhir\+json/.test(accept)
  );
}

/** The bytes under their own type, never shown inline by a browser. */
export function rawBinary(answer: Answer): Answer {
  const { contentType, data } = (answer.body ?? {}) as { contentType?: string; data?: string };
  if (answer.status !== 200) return answer;
  const headers = {
    ...answer.headers,
    'content-type': contentType ?? 'application/octet-stream',
    'content-disposition': 'attachment',
    'x-content-type-options': 'nosniff',
  };
  return { status: 200, headers, body: Buffer.from(data ?? '', 'base64') };
}
