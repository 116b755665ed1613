/** Answers of `/fhir`: headers of a resource (FHIR R4 §3.1.0.1 and §3.1.0.4), `Prefer`, conditional requests. */
import type { Request, Response } from 'express';
import type { AnyResource } from '../../fhir/types.ts';
import { fhirJson } from '../body/media.ts';
import { malformed, refusal } from '../body/refusals.ts';
import type { Answer } from '../types.ts';

/** Sends a resource as FHIR JSON. */
export function sendResource(response: Response, status: number, resource: object): void {
  response.status(status).set('Content-Type', `${fhirJson}; charset=utf-8`).end(JSON.stringify(resource));
}

/** Sends what a handler answered; `fhirBase` is the public base of `/fhir`. */
export function sendAnswer(request: Request, response: Response, answer: Answer, fhirBase: string): void {
  const { status, resource, raw, unchanged } = answer;
  const versionId = setVersionHeaders(response, resource ?? unchanged);
  if (raw) {
    // Bytes of somebody else: never to be rendered by a browser under this origin.
    response.set({ 'Content-Type': raw.contentType, 'Content-Disposition': 'attachment' });
    return void response.status(status).end(raw.bytes);
  }
  const created = status === 201 && resource?.id !== undefined;
  if (created) {
    const location = `${fhirBase}/${resource.resourceType}/${resource.id}`;
    response.set('Location', versionId ? `${location}/_history/${versionId}` : location);
  }
  const minimal = /(^|[,;\s])return=minimal/.test(request.get('Prefer') ?? '');
  if (!resource || (minimal && (created || request.method === 'PUT')))
    return void response.status(status).end();
  sendResource(response, status, resource);
}

/** Sets `ETag` and `Last-Modified`; answers the version id. A Bundle's meta is not a version of anything here. */
export function setVersionHeaders(response: Response, resource: AnyResource | undefined): string | undefined {
  const { versionId, lastUpdated } = resource?.meta ?? {};
  if (versionId) response.set('ETag', `W/"${versionId}"`);
  if (lastUpdated) response.set('Last-Modified', new Date(lastUpdated).toUTCString());
  return versionId;
}

/** True when `If-None-Match` or `If-Modified-Since` says that the client has this version (304). */
export function unchangedFor(request: Request, resource: AnyResource): boolean {
  const held = request.get('If-None-Match');
  const { versionId, lastUpdated } = resource.meta ?? {};
  if (held !== undefined) return held === '*' || held.split(',').some((tag) => versionOf(tag) === versionId);
  const since = Date.parse(request.get('If-Modified-Since') ?? '');
  const wholeSecond = Math.floor(Date.parse(lastUpdated ?? '') / 1000) * 1000;
  return wholeSecond <= since;
}

/**
 * Version the client holds, from `If-Match` (CORE-03). Throws `invalid` (400) when it cannot be read, `conflict` (412)
 * for a version that a stored resource cannot have.
 */
export function readIfMatch(request: Request): number | undefined {
  const header = request.get('If-Match');
  if (header === undefined) return undefined;
  const version = versionOf(header);
  if (version === undefined) throw malformed('If-Match illisible : W/"version" attendu.');
  if (/^[1-9]\d{0,8}$/.test(version)) return Number(version);
  throw refusal('conflict', 'conflict', 'La version que nomme If-Match n’est pas celle de la passerelle.');
}

function versionOf(tag: string): string | undefined {
  return /^\s*(?:W\/)?"([A-Za-z0-9\-.]{1,64})"\s*$/.exec(tag)?.[1];
}
