/** From a request to a resource: media type, bytes, UTF-8, JSON, in this order, each within its limit. */
import type { IncomingMessage } from 'node:http';
import type { Config } from '../../config.ts';
import type { AnyResource, JsonObject } from '../../fhir/types.ts';
import { readBytes } from './bytes.ts';
import { parseJson } from './json.ts';
import { requireForm, requireJson } from './media.ts';
import { malformed } from './refusals.ts';

/** A body and the very bytes it came in, which documents keep (DOC-03). */
export type Received<T> = { value: T; raw: Buffer };

/** Limits of what is read, from the configuration. */
export type BodyLimits = Config['limits'];

/** A JSON object. Throws `media-type` (415), `too-large` (413) or `invalid` (400). */
export async function receiveObject(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Received<JsonObject>> {
  requireJson(request.headers['content-type']);
  const raw = await readBytes(request, limits.bodyBytes);
  const value = parseJson(decodeUtf8(raw), limits.jsonDepth);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('Le corps doit être un objet JSON.');
  return { value, raw };
}

/** A resource of any type, not yet validated. Throws as `receiveObject`. */
export async function receiveResource(
  request: IncomingMessage,
  limits: BodyLimits,
): Promise<Received<AnyResource>> {
  const { value, raw } = await receiveObject(request, limits);
  if (typeof value['resourceType'] !== 'string') throw malformed('Le corps ne dit pas son resourceType.');
  return { value: value as AnyResource, raw };
}

const maxFormBytes = 65_536;

/** The fields of a form (OAuth token requests, POST searches). Throws `media-type`, `too-large` or `invalid`. */
export async function receiveForm(request: IncomingMessage): Promise<URLSearchParams> {
  requireForm(request.headers['content-type']);
  const fields = new URLSearchParams(decodeUtf8(await readBytes(request, maxFormBytes)));
  if ([...fields].flat().some((text) => text.includes('\0')))
    throw malformed('Formulaire refusé : caractère NUL.');
  return fields;
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed("Le corps n'est pas en UTF-8.");
  }
}
